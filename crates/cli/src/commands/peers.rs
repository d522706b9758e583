//! `grunnlag peers`.

use evidence::answers::{Peer, PeerList};
use evidence::{EvidenceError, PeersAsked};

use super::Session;
use crate::args::{Format, PeersArguments};
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};

/// How many shares of a distance a terminal shows.
const SHOWN: usize = 3;

/// Lists the municipalities that are most like one.
pub fn run(session: &Session<'_>, typed: &PeersArguments) -> Result<(), Failure> {
    let evidence = session.evidence()?;
    let question = session.question(&evidence, typed.model.as_deref(), typed.weights.as_deref())?;
    let asked = PeersAsked { count: Some(typed.count as usize), within: typed.within.clone() };
    let failed = |error: EvidenceError| session.failure(&error);
    let list = evidence.peers(&typed.municipality, &asked, &question).map_err(failed)?;
    if typed.output.format == Format::Table {
        session.note(&heading(session, &list));
    }
    let output = session.output(typed.output.out.as_deref());
    formats::write(&sheet(session, &list), &list, typed.output.format, &output)
}

fn heading(session: &Session<'_>, list: &PeerList) -> Vec<String> {
    let places = [
        ("name", list.name.as_str()),
        ("code", &list.municipality_code),
        ("model", &list.model),
        ("snapshot", &list.snapshot.id),
    ];
    let mut lines = vec![session.say("peers.heading", &places)];
    for group in &list.groups {
        let rank = group.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
        let places =
            [("group", group.group.as_str()), ("rank", &rank), ("of", &group.of.to_string())];
        lines.push(session.say("peers.group", &places));
    }
    lines.extend(list.notes.iter().map(|note| format!("• {note}")));
    lines
}

fn sheet(session: &Session<'_>, list: &PeerList) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let mut columns = vec![
        Column::text("municipality_code", say("column.code")),
        Column::text("name", say("column.municipality")),
        Column::text("county_name", say("column.county")),
        Column::number("distance", say("column.distance"), 2),
        Column::number("common", say("column.common"), 2),
        Column::integer("rank", say("column.rank")),
        Column::number("score", say("column.score"), 1),
        Column::text("differs_by", say("column.differs_by")),
    ];
    for criterion in &list.criteria {
        let key = format!("share_{}", criterion.id);
        columns.push(Column::number(&key, &criterion.title, 3).off_screen());
    }
    let rows = list.peers.iter().map(|peer| row(session, list, peer)).collect();
    Sheet { name: say("peers.sheet"), columns, rows }
}

fn row(session: &Session<'_>, list: &PeerList, peer: &Peer) -> Vec<Cell> {
    let largest: Vec<String> = peer
        .shares
        .iter()
        .take(SHOWN)
        .filter_map(|one| {
            let share = one.share.filter(|share| *share > 0.0)?;
            Some(format!("{} {}", one.title, session.language.percent(share)))
        })
        .collect();
    let mut cells: Vec<Cell> = vec![
        peer.municipality_code.clone().into(),
        peer.name.clone().into(),
        peer.county_name.clone().into(),
        peer.distance.into(),
        peer.common.into(),
        peer.rank.into(),
        peer.score.into(),
        largest.join(", ").into(),
    ];
    for criterion in &list.criteria {
        let found = peer.shares.iter().find(|one| one.id == criterion.id);
        cells.push(found.and_then(|one| one.share).into());
    }
    cells
}
