//! The tabs over every page of a case.

use super::{Failure, Viewer};
use crate::app::App;
use crate::kernel::{CaseId, Permission};
use crate::web::cases::{CaseTab, CaseTabs};
use crate::web::parts::CaseRef;

impl Viewer {
    /// The tabs of a case the viewer may see.
    pub(in crate::web) async fn case_tabs(
        &self,
        app: &App,
        case: CaseId,
        here: CaseTab,
    ) -> Result<CaseTabs, Failure> {
        let scope = self.scope();
        let found = app.cases.find(scope, case).await.map_err(|error| self.failure(error))?;
        let sees = app.billing.sees(scope, case).await.map_err(|error| self.failure(error))?;
        let opens = scope.opens(case);
        Ok(CaseTabs {
            case: CaseRef { id: case, title: found.title },
            number: found.number,
            here,
            opens,
            money: sees || (opens && scope.may(Permission::KeepTime)),
        })
    }
}
