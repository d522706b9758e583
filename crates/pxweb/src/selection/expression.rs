use std::fmt;

use crate::FaultKind;

/// An item of a selection that is not a code: a rule that picks codes.
///
/// Printing gives the shortest form in lower case; parsing it gives the same rule.
///
/// ```
/// use pxweb::selection::Expression;
/// let newest = Expression::parse("TOP(3,0)").expect("an expression").expect("a legal one");
/// assert_eq!(newest.to_string(), "top(3)");
/// assert_eq!(Expression::parse("0301"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expression {
    /// `range(a,b)`: from one to the other in the table's order, whichever comes first.
    Range(String, String),
    /// `top(n,offset)`: of time the newest, of others the first.
    Top(usize, usize),
    /// `bottom(n,offset)`: the other end.
    Bottom(usize, usize),
    /// `from(a)`: it and all after it.
    From(String),
    /// `to(a)`: it and all before it.
    To(String),
    /// Holds `?`: each stands for one character, and all else, `*` too, for itself.
    Mask(String),
    /// `*`
    All,
    /// `x*`
    BeginsWith(String),
    /// `*x`
    EndsWith(String),
    /// `*x*`
    Contains(String),
}

impl Expression {
    /// Reads an item that is not a code; `None` where it is no expression either.
    ///
    /// # Errors
    ///
    /// [`FaultKind::IllegalExpression`]: it begins as one and does not go on as one;
    /// [`FaultKind::NonExistentValue`]: it counts further than the server can.
    pub fn parse(item: &str) -> Option<Result<Expression, FaultKind>> {
        let calls: [(&str, Reader); 5] = [
            ("range(", range),
            ("top(", |inside| count(inside).map(|(n, offset)| Expression::Top(n, offset))),
            ("bottom(", |inside| count(inside).map(|(n, offset)| Expression::Bottom(n, offset))),
            ("from(", |inside| code(inside).map(Expression::From)),
            ("to(", |inside| code(inside).map(Expression::To)),
        ];
        for (opening, read) in calls {
            let begins = item.get(..opening.len());
            if begins.is_some_and(|begins| begins.eq_ignore_ascii_case(opening)) {
                let inside = item[opening.len()..].strip_suffix(')');
                return Some(inside.ok_or(FaultKind::IllegalExpression).and_then(read));
            }
        }
        match () {
            () if item.contains('?') => Some(Ok(Expression::Mask(item.to_owned()))),
            () if item.contains('*') => Some(wildcard(item)),
            () => None,
        }
    }
}

type Parsed = Result<Expression, FaultKind>;
type Reader = fn(&str) -> Parsed;

fn range(inside: &str) -> Parsed {
    let ends = inside.split_once(',').filter(|(first, last)| {
        !first.is_empty() && !last.is_empty() && !last.contains([',', ')'])
    });
    let (first, last) = ends.ok_or(FaultKind::IllegalExpression)?;
    Ok(Expression::Range(first.to_owned(), last.to_owned()))
}

fn count(inside: &str) -> Result<(usize, usize), FaultKind> {
    let (count, offset) = inside.split_once(',').unwrap_or((inside, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(count) || !is_number(offset) || count.starts_with('0') {
        return Err(FaultKind::IllegalExpression);
    }
    // The server counts in 32 bits with a sign; beyond, it finds nothing.
    let read = |text: &str| {
        let number = text.parse::<i32>().ok().and_then(|number| usize::try_from(number).ok());
        number.ok_or(FaultKind::NonExistentValue)
    };
    Ok((read(count)?, read(offset)?))
}

fn code(inside: &str) -> Result<String, FaultKind> {
    match inside.is_empty() || inside.contains(',') {
        true => Err(FaultKind::IllegalExpression),
        false => Ok(inside.to_owned()),
    }
}

fn wildcard(item: &str) -> Parsed {
    let stars = item.matches('*').count();
    let text = item.trim_matches('*').to_owned();
    match (stars, item.starts_with('*'), item.ends_with('*')) {
        (1, true, true) => Ok(Expression::All),
        (1, true, false) => Ok(Expression::EndsWith(text)),
        (1, false, true) => Ok(Expression::BeginsWith(text)),
        (2, true, true) => Ok(Expression::Contains(text)),
        _ => Err(FaultKind::IllegalExpression),
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Range(first, last) => write!(formatter, "range({first},{last})"),
            Expression::Top(count, 0) => write!(formatter, "top({count})"),
            Expression::Top(count, offset) => write!(formatter, "top({count},{offset})"),
            Expression::Bottom(count, 0) => write!(formatter, "bottom({count})"),
            Expression::Bottom(count, offset) => write!(formatter, "bottom({count},{offset})"),
            Expression::From(first) => write!(formatter, "from({first})"),
            Expression::To(last) => write!(formatter, "to({last})"),
            Expression::Mask(mask) => formatter.write_str(mask),
            Expression::All => formatter.write_str("*"),
            Expression::BeginsWith(text) => write!(formatter, "{text}*"),
            Expression::EndsWith(text) => write!(formatter, "*{text}"),
            Expression::Contains(text) => write!(formatter, "*{text}*"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEMS: &str = "0301; RANGE(a,b); range(a, b); range(a); range(a,b,c); range(a,b)); top(3); \
        Top(3,2); top(3,00); top(0); top(03); top(1, 2); top( 1); top(); top(-1); top(3; \
        top(2147483648); bottom(1,0); from(105+); from(a,b); from(); from(a)); TO(x); to(; \
        total; 0?; ?*; top?; *; **; ***; 03*; *01; *3*; 0*1; *a*b; a**";

    fn read(item: &str) -> String {
        match Expression::parse(item) {
            None => format!("{item}: a code"),
            Some(Ok(expression)) => format!("{item}: {expression:?}, printed {expression}"),
            Some(Err(fault)) => format!("{item}: {fault:?}"),
        }
    }

    #[test]
    fn each_form_is_read_as_the_server_reads_it() {
        let lines: Vec<String> = ITEMS.split("; ").map(read).collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        0301: a code
        RANGE(a,b): Range("a", "b"), printed range(a,b)
        range(a, b): Range("a", " b"), printed range(a, b)
        range(a): IllegalExpression
        range(a,b,c): IllegalExpression
        range(a,b)): IllegalExpression
        top(3): Top(3, 0), printed top(3)
        Top(3,2): Top(3, 2), printed top(3,2)
        top(3,00): Top(3, 0), printed top(3)
        top(0): IllegalExpression
        top(03): IllegalExpression
        top(1, 2): IllegalExpression
        top( 1): IllegalExpression
        top(): IllegalExpression
        top(-1): IllegalExpression
        top(3: IllegalExpression
        top(2147483648): NonExistentValue
        bottom(1,0): Bottom(1, 0), printed bottom(1)
        from(105+): From("105+"), printed from(105+)
        from(a,b): IllegalExpression
        from(): IllegalExpression
        from(a)): From("a)"), printed from(a))
        TO(x): To("x"), printed to(x)
        to(: IllegalExpression
        total: a code
        0?: Mask("0?"), printed 0?
        ?*: Mask("?*"), printed ?*
        top?: Mask("top?"), printed top?
        *: All, printed *
        **: Contains(""), printed **
        ***: IllegalExpression
        03*: BeginsWith("03"), printed 03*
        *01: EndsWith("01"), printed *01
        *3*: Contains("3"), printed *3*
        0*1: IllegalExpression
        *a*b: IllegalExpression
        a**: IllegalExpression
        "#);
    }

    proptest::proptest! {
        #[test]
        fn what_is_printed_is_read_the_same(item in r"(range|TOP|bottom|From|to)\([a-c0-9,)*?]{0,6}\)|[a-c*?(,]{0,6}") {
            if let Some(Ok(expression)) = Expression::parse(&item) {
                proptest::prop_assert_eq!(
                    Expression::parse(&expression.to_string()),
                    Some(Ok(expression))
                );
            }
        }
    }
}
