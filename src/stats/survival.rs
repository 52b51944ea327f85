//! Kaplan–Meier survival estimate over whole days.
//!
//! E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958).

/// The first day at which the estimated share of events has reached `share` of its final height.
///
/// `events[d]` and `censored[d]` count the spells that ended, or were last seen, at day `d`; what is censored at a day
/// was at risk on it. `None` if there is no event.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Counts of spells lie far below 2⁵³.
pub fn kaplan_meier_quantile(events: &[u64], censored: &[u64], share: f64) -> Option<usize> {
    let at = |counts: &[u64], day: usize| counts.get(day).copied().unwrap_or_default();
    let days = events.len().max(censored.len());
    let mut at_risk: u64 = events.iter().chain(censored).sum();
    let mut alive = 1.0;
    let mut ended = Vec::with_capacity(days);
    for day in 0..days {
        if at(events, day) > 0 {
            alive *= 1.0 - at(events, day) as f64 / at_risk as f64;
        }
        ended.push(1.0 - alive);
        at_risk -= at(events, day) + at(censored, day);
    }
    let height = ended.last().copied().filter(|height| *height > 0.0)?;
    ended.iter().position(|value| *value >= share * height)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The maintained arm of the acute myelogenous leukaemia data as R's `survival` prints it: events at 9, 13, 18, 23,
    /// 31, 34, 48, censored at 13, 28, 45, 161; survival .909 .818 .716 .614 .491 .368 .184.
    #[test]
    fn leukaemia_as_r_has_it() {
        let (mut events, mut censored) = ([0; 162], [0; 162]);
        for day in [9, 13, 18, 23, 31, 34, 48] {
            events[day] = 1;
        }
        for day in [13, 28, 45, 161] {
            censored[day] = 1;
        }
        let height = 1.0 - 0.184_090_909;
        for (ended, day) in [
            (0.0909, 9),
            (0.1818, 13),
            (0.2840, 18),
            (0.3863, 23),
            (0.5090, 31),
            (0.6318, 34),
        ] {
            assert_eq!(kaplan_meier_quantile(&events, &censored, ended / height), Some(day));
        }
        assert_eq!(kaplan_meier_quantile(&events, &censored, 0.9), Some(48));
    }

    #[test]
    fn nobody_came_back() {
        assert_eq!(kaplan_meier_quantile(&[0, 0], &[1, 5], 0.9), None);
        assert_eq!(kaplan_meier_quantile(&[], &[], 0.9), None);
    }
}
