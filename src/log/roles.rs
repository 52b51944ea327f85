//! Roles: which column of a source is what.

/// The columns that a caller names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// The customer's key; none where the source has no buyers.
    pub customer: Option<String>,
    /// When it happened.
    pub time: String,
    /// Money, where the log has it.
    pub amount: Option<String>,
    /// Roles that number orders: role and column.
    pub ids: Vec<(String, String)>,
    /// Roles that name a kind of thing: role and column.
    pub labels: Vec<(String, String)>,
    /// Roles that hold a number beside the amount: role and column.
    pub numbers: Vec<(String, String)>,
    /// Roles that hold a time beside the first, kept as numbers behind the others: role and column.
    pub moments: Vec<(String, String)>,
    /// Columns that are looked at and not kept: role and column.
    pub passing: Vec<(String, String)>,
}

impl Roles {
    /// Whether the log has money.
    #[must_use]
    pub fn has_money(&self) -> bool {
        self.amount.is_some() || self.passing.iter().any(|(role, _)| role == "price")
    }

    /// Every role with its column.
    #[must_use]
    pub fn all(&self) -> Vec<(String, String)> {
        let named = |role: &str, name: &String| (role.to_string(), name.clone());
        let mut all: Vec<_> = self.customer.iter().map(|name| named("customer", name)).collect();
        all.push(named("time", &self.time));
        all.extend(self.amount.iter().map(|name| named("amount", name)));
        let others = self.ids.iter().chain(&self.labels).chain(&self.numbers);
        // What only a status tells has no column.
        let named = others
            .chain(&self.moments)
            .chain(&self.passing)
            .filter(|(_, name)| !name.is_empty());
        all.extend(named.cloned());
        all
    }
}

/// A category of a log, by its place among the roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CategoryIx(pub usize);

/// A number of a log, by its place among the roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberIx(pub usize);

/// A column of order numbers, by its place among the roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderIx(pub usize);

/// The roles that mean something to the core, resolved once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RoleIndex {
    /// The event's name; its log is one of events, whose rows stand in the order of time.
    pub event: Option<CategoryIx>,
    /// The order of events within an instant.
    pub sequence: Option<NumberIx>,
    /// The session of an event.
    pub session: Option<CategoryIx>,
    /// Of an order: what says that it is none.
    pub status: Option<CategoryIx>,
    /// How many pieces a line has.
    pub quantity: Option<NumberIx>,
    /// What a piece of a line costs.
    pub price: Option<NumberIx>,
    /// Money given back for a line.
    pub refunded: Option<NumberIx>,
    /// When it was given back.
    pub refunded_at: Option<NumberIx>,
    /// The order of a line.
    pub order_id: Option<OrderIx>,
    /// The order that a line refunds.
    pub refund_of: Option<OrderIx>,
}

impl RoleIndex {
    /// Find the roles.
    #[must_use]
    pub fn new(roles: &Roles) -> Self {
        let find = |all: &[(String, String)], role: &str| all.iter().position(|(name, _)| name == role);
        Self {
            event: find(&roles.labels, "event").map(CategoryIx),
            sequence: find(&roles.numbers, "sequence").map(NumberIx),
            session: find(&roles.labels, "session").map(CategoryIx),
            status: find(&roles.labels, "status").map(CategoryIx),
            quantity: find(&roles.numbers, "quantity").map(NumberIx),
            price: find(&roles.numbers, "price").map(NumberIx),
            refunded: find(&roles.numbers, "refunded").map(NumberIx),
            refunded_at: find(&roles.moments, "refunded_at").map(|at| NumberIx(roles.numbers.len() + at)),
            order_id: find(&roles.ids, "order_id").map(OrderIx),
            refund_of: find(&roles.ids, "refund_of").map(OrderIx),
        }
    }
}
