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
