//! What a list of cases enters beside cases: clients.

use async_trait::async_trait;

use super::App;
use crate::cases::{CaseError, Entering};
use crate::clients::{ClientError, Kind, NewClient};
use crate::db::Tx;
use crate::kernel::{ClientId, Scope};

#[async_trait]
impl Entering for App {
    async fn client(&self, tx: &mut Tx, scope: &Scope, name: &str) -> Result<ClientId, CaseError> {
        let kind = kind_of(name);
        match self.clients.add_in(tx, scope, NewClient::named(name, kind)).await {
            Ok(client) => Ok(client.id),
            Err(ClientError::Db(error)) => Err(error.into()),
            Err(ClientError::NotFound) => Err(CaseError::NotAllowed),
            Err(error) => Err(CaseError::Wrong { field: "client", words: error.to_string() }),
        }
    }
}

/// What a client is in law, as far as the name tells.
fn kind_of(name: &str) -> Kind {
    let name = format!(" {} ", name.to_lowercase().replace(['.', ','], " "));
    let says = |words: &[&str]| words.iter().any(|word| name.contains(&format!(" {word} ")));
    if says(&["ltd", "limited", "llp", "corporation", "company", "pvt"]) {
        Kind::Company
    } else if says(&["union of india", "state of", "government of", "govt"]) {
        Kind::Government
    } else if says(&["m/s", "traders", "enterprises", "brothers", "bros", "sons", "associates"]) {
        Kind::Firm
    } else {
        Kind::Person
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_a_client_is() {
        for (name, kind) in [
            ("Sharma Textiles Pvt. Ltd.", Kind::Company),
            ("M/s Gupta Traders", Kind::Firm),
            ("State of Kerala", Kind::Government),
            ("Ram Kumar", Kind::Person),
        ] {
            assert_eq!(kind_of(name), kind, "{name}");
        }
    }
}
