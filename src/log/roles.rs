//! Roles: which column of a source is what.

/// The columns that a caller names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// The customer's key.
    pub customer: String,
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
}

impl Roles {
    /// Every role with its column.
    #[must_use]
    pub fn all(&self) -> Vec<(String, String)> {
        let mut all = vec![
            ("customer".into(), self.customer.clone()),
            ("time".into(), self.time.clone()),
        ];
        all.extend(self.amount.iter().map(|name| ("amount".into(), name.clone())));
        all.extend(self.ids.iter().chain(&self.labels).chain(&self.numbers).cloned());
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
            order_id: find(&roles.ids, "order_id").map(OrderIx),
            refund_of: find(&roles.ids, "refund_of").map(OrderIx),
        }
    }
}
