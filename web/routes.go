package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"concord/review"
)

// policy says who may use a route. Exactly one of its fields is set; a route
// with none does not pass the test that walks the table.
type policy struct {
	anyone   bool
	signedIn bool
	action   review.Action
	scope    review.Scope // for integrators' keys, or people who may read
}

var (
	anyone   = policy{anyone: true}
	signedIn = policy{signedIn: true}
)

// may is the policy that asks for an action.
func may(a review.Action) policy { return policy{action: a} }

// declared tells whether a policy says anything.
func (p policy) declared() bool {
	return p.anyone || p.signedIn || p.action != "" || p.scope != ""
}

// allows tells whether somebody may use a route under this policy.
func (p policy) allows(a asker) bool {
	switch {
	case p.anyone:
		return true
	case !a.signedIn || a.person.Disabled:
		return false
	case p.signedIn:
		return true
	}
	return p.action != "" && a.person.May(p.action)
}

// handler answers one request of somebody known.
type handler func(c echo.Context, a asker) error

// route is one line of the table: how it is reached, who may, how much may be
// sent, and what answers.
type route struct {
	method string
	path   string
	policy policy
	limit  int64 // of the body in bytes; 0 means formBytes
	handle handler
	api    bool // answers in JSON and knows its callers by key
	keep   bool // what was typed comes back when the session has ended
	files  bool // takes files, from those alone whom the policy allows
	// data is where programs that ask for data are sent, which know no sessions; nil
	// where there is only a page.
	data func(c echo.Context) string
}

// Limits of what a form may send.
const (
	formBytes     = 64 << 10
	decisionBytes = 1 << 20 // conditions, reasons and notes at their longest
)

// routes is the whole table.
func (s *Server) routes() []route {
	return slices.Concat(s.pageRoutes(), s.apiRoutes(), s.mcpRoutes(), s.reconcileRoutes())
}

// pageRoutes is the table of pages, in the order of the menu.
func (s *Server) pageRoutes() []route {
	get, post := http.MethodGet, http.MethodPost
	read, decide, sign, manage := may(review.ActionRead), may(review.ActionReview), may(review.ActionSign), may(review.ActionManage)
	return []route{
		{method: get, path: "/healthz", policy: anyone, handle: s.health},
		{method: get, path: "/static/:name", policy: anyone, handle: s.static},
		{method: get, path: "/favicon.ico", policy: anyone, handle: s.favicon},
		{method: get, path: "/sign-in", policy: anyone, handle: s.signInForm},
		{method: post, path: "/sign-in", policy: anyone, handle: s.signIn},
		{method: get, path: "/sign-in/code", policy: anyone, handle: s.codeForm},
		{method: post, path: "/sign-in/code", policy: anyone, handle: s.signInCode},
		{method: get, path: "/sign-in/elsewhere", policy: anyone, handle: s.goElsewhere},
		{method: post, path: "/sign-in/elsewhere", policy: anyone, handle: s.keepElsewhere},
		{method: get, path: "/sign-in/elsewhere/back", policy: anyone, handle: s.backForm},
		{method: post, path: "/sign-in/elsewhere/back", policy: anyone, handle: s.comeBack},
		{method: post, path: "/stay", policy: signedIn, handle: s.stay},
		{method: post, path: "/sign-out", policy: signedIn, handle: s.signOut},
		{method: get, path: "/welcome/:token", policy: anyone, handle: s.welcomeForm},
		{method: post, path: "/welcome/:token", policy: anyone, handle: s.welcome},
		{method: post, path: "/preferences", policy: anyone, handle: s.setPreferences},
		{method: get, path: "/help", policy: anyone, handle: s.help},

		{method: get, path: "/", policy: signedIn, handle: s.takingTurns(s.dashboard)},
		{method: get, path: "/news", policy: signedIn, handle: s.newsPage},
		{method: get, path: "/news/export/:format", policy: signedIn, handle: s.newsExport},
		{method: post, path: "/news/seen", policy: signedIn, handle: s.seeNews},
		{method: post, path: "/news/choice", policy: signedIn, handle: s.chooseNews},
		{method: get, path: "/coverage", policy: read, handle: s.coverage},
		{method: get, path: "/collections", policy: signedIn, handle: s.collections},
		{method: post, path: "/collections", policy: signedIn, handle: s.collect},
		{method: get, path: "/collections/export/:format", policy: signedIn, handle: s.collectionsExport},
		{method: get, path: "/collections/:id", policy: signedIn, handle: s.collection},
		{method: post, path: "/collections/:id", policy: signedIn, handle: s.changeCollection},
		{method: post, path: "/collections/:id/drop", policy: signedIn, handle: s.dropCollection},
		{method: get, path: "/collections/:id/export/:format", policy: signedIn, handle: s.collectionExport},
		{method: get, path: "/concept", policy: read, handle: s.conceptTable},
		{method: get, path: "/concept/export/:format", policy: read, handle: s.conceptExport},
		{method: get, path: "/compare", policy: read, handle: s.comparePage},
		{method: get, path: "/compare/export/:format", policy: read, handle: s.compareExport},
		{method: get, path: "/search", policy: read, handle: s.searchPage},
		{method: post, path: "/search/saved", policy: read, handle: s.saveSearch},
		{method: get, path: "/search/saved/export/:format", policy: read, handle: s.savedExport},
		{method: get, path: "/search/saved", policy: read, handle: s.savedPage},
		{method: post, path: "/search/saved/:id/rename", policy: read, handle: s.renameSearch},
		{method: post, path: "/search/saved/:id/drop", policy: read, handle: s.dropSearch},
		{method: get, path: "/standards", policy: read, handle: s.standards},
		{method: get, path: "/standards/:id", policy: read, handle: s.standard, data: standardData},
		{method: get, path: "/standards/:id/clauses/:key", policy: read, handle: s.clause, data: clauseData},
		{method: get, path: "/standards/:id/clauses/export/:format", policy: read, handle: s.clausesExport},
		{method: get, path: "/standards/:id/catalog", policy: read, handle: s.catalogExport},
		{method: get, path: "/standards/:id/changes", policy: read, handle: s.changes},
		{method: get, path: "/standards/:id/consolidated", policy: read, handle: s.consolidated},
		{method: post, path: "/standards/:id/identity", policy: mayImport, handle: s.restate},
		{method: post, path: "/standards/:id/effects", policy: mayImport, handle: s.correctEffect},
		{method: post, path: "/effects/:id/undo", policy: mayImport, handle: s.undoEffect},

		{method: get, path: "/mappings", policy: read, handle: s.mappings},
		{method: get, path: "/mappings/export/:format", policy: read, handle: s.mappingsExport},
		{method: get, path: "/mappings/:id", policy: read, handle: s.mapping},
		{method: get, path: "/mappings/:id/export/:format", policy: read, handle: s.rowsExport},
		{method: get, path: "/imports", policy: mayImport, handle: s.imports},
		{method: get, path: "/imports/export/:format", policy: mayImport, handle: s.importsExport},
		{method: post, path: "/imports", policy: mayImport, limit: uploadBytes, files: true, handle: s.upload},
		{method: get, path: "/imports/:id", policy: mayImport, handle: s.importCheck},
		{method: get, path: "/imports/:id/difference", policy: mayImport, handle: s.importDifference},
		{method: get, path: "/imports/:id/file", policy: mayImport, handle: s.importFile},
		{method: post, path: "/imports/:id/pages", policy: mayImport, handle: s.drawPages},
		{method: get, path: "/imports/:id/pages/:number", policy: mayImport, handle: s.importPage},
		{method: post, path: "/imports/:id/correct", policy: mayImport, limit: importBytes, handle: s.correctImport},
		{method: post, path: "/imports/:id/looked", policy: mayImport, handle: s.lookImport},
		{method: get, path: "/imports/:id/columns", policy: mayImport, handle: s.importColumns},
		{method: post, path: "/imports/:id/columns", policy: mayImport, handle: s.setColumns},
		{method: post, path: "/imports/:id/undo", policy: mayImport, handle: s.undoCorrection},
		{method: post, path: "/imports/:id/repeat", policy: mayImport, handle: s.repeatCorrections},
		{method: post, path: "/imports/:id/accept", policy: mayImport, handle: s.acceptImport},
		{method: post, path: "/imports/:id/discard", policy: mayImport, handle: s.discardImport},

		{method: get, path: "/runs", policy: read, handle: s.runList},
		{method: post, path: "/runs", policy: manage, handle: s.startParties},
		{method: get, path: "/runs/live", policy: read, handle: s.liveRuns},
		{method: get, path: "/coverage/export/:format", policy: read, handle: s.coverageExport},
		{method: get, path: "/runs/export/:format", policy: read, handle: s.runsExport},
		{method: get, path: "/search/export/:format", policy: read, handle: s.searchExport},
		{method: get, path: "/standards/export/:format", policy: read, handle: s.standardsExport},
		{method: get, path: "/runs/:id", policy: read, handle: s.runDetail},
		{method: post, path: "/runs/:id/stop", policy: manage, handle: s.stopRun},
		{method: post, path: "/runs/:id/resume", policy: manage, handle: s.resumeRun},
		{method: post, path: "/exports", policy: read, handle: s.startExport},
		{method: get, path: "/exports/:id", policy: read, handle: s.exportJobPage},
		{method: get, path: "/exports/:id/file", policy: read, handle: s.exportFile},
		{method: post, path: "/exports/:id/end", policy: read, handle: s.endExport},
		{method: get, path: "/events", policy: read, handle: s.events},

		{method: get, path: "/dossiers", policy: read, handle: s.dossiers},
		{method: get, path: "/dossiers/export/:format", policy: read, handle: s.dossiersExport},
		{method: get, path: "/dossiers/new", policy: manage, handle: s.dossierForm},
		{method: post, path: "/dossiers", policy: manage, keep: true, handle: s.makeDossier},
		{method: get, path: "/dossiers/:id", policy: read, handle: s.dossier},
		{method: get, path: "/dossiers/:id/matches/export/:format", policy: read, handle: s.matchesExport},
		{method: get, path: "/dossiers/:id/export/:format", policy: read, handle: s.download},
		{method: get, path: "/dossiers/:id/rounds", policy: read, handle: s.roundsPage},
		{method: post, path: "/dossiers/:id/rounds", policy: sign, keep: true, handle: s.freezeRound},
		{method: post, path: "/dossiers/:id/rounds/:number/sign", policy: sign, handle: s.signRound},
		{method: get, path: "/dossiers/:id/rounds/:number/export/:format", policy: read, handle: s.downloadRound},
		{method: get, path: "/templates", policy: read, handle: s.templateList},
		{method: get, path: "/templates/new", policy: mayTemplate, handle: s.newTemplate},
		{method: post, path: "/templates", policy: mayTemplate, limit: templateBytes, files: true, keep: true, handle: s.saveTemplate},
		{method: get, path: "/templates/:id", policy: read, handle: s.templatePage},
		{method: get, path: "/templates/:id/letterhead", policy: read, handle: s.templateLetterhead},
		{method: post, path: "/templates/:id/restore", policy: mayTemplate, handle: s.restoreTemplate},
		{method: post, path: "/templates/:id/drop", policy: mayTemplate, handle: s.dropTemplate},
		{method: post, path: "/dossiers/:id/reservations", policy: sign, keep: true, handle: s.reserve},
		{method: get, path: "/dossiers/:id/reservations/export/:format", policy: read, handle: s.reservationsExport},
		{method: get, path: "/dossiers/:id/reservations", policy: read, handle: s.reservationsList},
		{method: post, path: "/reservations/:id/withdraw", policy: sign, handle: s.withdrawReservation},
		{method: post, path: "/dossiers/:id/drafts", policy: mayHold, keep: true, handle: s.saveDraft},
		{method: post, path: "/drafts/:id/declare", policy: mayHold, handle: s.declareDraft},
		{method: get, path: "/dossiers/:id/positions", policy: mayHold, handle: s.positions},
		{method: get, path: "/dossiers/:id/positions/export/:format", policy: mayHold, handle: s.positionsExport},
		{method: get, path: "/dossiers/:id/position", policy: mayHold, handle: s.position},
		{method: post, path: "/dossiers/:id/position", policy: mayHold, limit: decisionBytes, keep: true, handle: s.savePosition},
		{method: get, path: "/dossiers/:id/agreement", policy: read, handle: s.agreementPage},
		{method: get, path: "/dossiers/:id/sample", policy: decide, handle: s.samplePage},
		{method: get, path: "/dossiers/:id/sample/export/:format", policy: decide, handle: s.sampleExport},
		{method: post, path: "/dossiers/:id/run", policy: manage, handle: s.startRun},
		{method: post, path: "/dossiers/:id/close", policy: manage, handle: s.closeDossier},
		{method: post, path: "/dossiers/:id/settings", policy: manage, handle: s.saveProtocol},
		{method: post, path: "/dossiers/:id/guideline", policy: manage, limit: decisionBytes, keep: true, handle: s.saveGuideline},

		{method: get, path: "/review", policy: decide, handle: s.takingTurns(s.queues)},
		{method: get, path: "/review/next", policy: decide, handle: s.takingTurns(s.next)},
		{method: get, path: "/review/list/export/:format", policy: decide, handle: s.waitingExport},
		{method: get, path: "/review/list", policy: decide, handle: s.waitingList},
		{method: get, path: "/matches/:id", policy: read, handle: s.takingTurns(s.match)},
		{method: post, path: "/matches/:id/decide", policy: decide, limit: decisionBytes, keep: true, handle: s.decide},
		{method: post, path: "/matches/:id/audit", policy: decide, keep: true, handle: s.auditMatch},
		{method: post, path: "/matches/:id/skip", policy: decide, handle: s.skip},
		{method: post, path: "/matches/:id/unskip", policy: decide, handle: s.unskip},
		{method: post, path: "/matches/:id/undo", policy: decide, handle: s.undo},
		{method: get, path: "/decisions", policy: decide, handle: s.decisions},
		{method: get, path: "/decisions/export/:format", policy: decide, handle: s.decisionsExport},

		{method: post, path: "/matches/:id/find", policy: decide, limit: decisionBytes, keep: true, handle: s.seek},
		{method: post, path: "/matches/:id/replace", policy: decide, handle: s.replace},
		{method: post, path: "/matches/:id/together", policy: decide, handle: s.putTogether},
		{method: post, path: "/matches/:id/drop", policy: decide, handle: s.dropMatch},
		{method: post, path: "/matches/:id/misread", policy: decide, limit: decisionBytes, keep: true, handle: s.misread},
		{method: post, path: "/misreadings/:id/withdraw", policy: decide, limit: decisionBytes, keep: true, handle: s.withdrawMisreading},
		{method: get, path: "/misreadings", policy: read, handle: s.misreadings},
		{method: get, path: "/misreadings/export/:format", policy: read, handle: s.misreadingsExport},

		{method: get, path: "/terms", policy: read, handle: s.termsPage},
		{method: get, path: "/terms/entry", policy: read, handle: s.termEntry},
		{method: get, path: "/terms/list/export/:format", policy: read, handle: s.termListExport},
		{method: get, path: "/terms/conflicts", policy: read, handle: s.termConflicts},
		{method: get, path: "/terms/conflicts/export/:format", policy: read, handle: s.conflictsExport},
		{method: get, path: "/terms/export/:format", policy: read, handle: s.termExport},
		{method: get, path: "/terms/candidates", policy: decide, handle: s.termCandidates},
		{method: post, path: "/terms/candidates/answer", policy: decide, handle: s.answerCandidate},
		{method: post, path: "/terms/candidates/undo", policy: decide, handle: s.undoCandidate},
		{method: post, path: "/terms/candidates/harvest", policy: decide, handle: s.harvestCandidates},
		{method: post, path: "/terms/confirm", policy: decide, handle: s.confirmTerm},
		{method: get, path: "/terms/new", policy: decide, handle: s.termFormPage},
		{method: post, path: "/terms/save", policy: decide, limit: decisionBytes, keep: true, handle: s.saveTerm},
		{method: get, path: "/terms/effects/:id", policy: decide, handle: s.effectPage},
		{method: post, path: "/terms/effects/:id/end", policy: decide, handle: s.endEffect},
		{method: post, path: "/terms/withdraw", policy: decide, handle: s.withdrawTerm},
		{method: get, path: "/terms/import", policy: may(review.ActionImport), handle: s.termImportForm},
		{method: post, path: "/terms/import", policy: may(review.ActionImport), limit: termFileBytes, files: true, handle: s.readTermFile},
		{method: post, path: "/terms/import/accept", policy: may(review.ActionImport), handle: s.acceptTerms},

		{method: post, path: "/try", policy: read, limit: formBytes + apiBulkBytes, handle: s.apiTry},
		{method: get, path: "/profile", policy: signedIn, handle: s.profile},
		{method: get, path: "/profile/data", policy: signedIn, handle: s.myData},
		{method: get, path: "/profile/keys", policy: signedIn, handle: s.keyboard},
		{method: post, path: "/profile/keys", policy: signedIn, handle: s.changeKeys},
		{method: post, path: "/profile/password", policy: signedIn, handle: s.changePassword},
		{method: post, path: "/profile/second", policy: signedIn, handle: s.beginSecond},
		{method: post, path: "/profile/second/confirm", policy: signedIn, handle: s.confirmSecond},
		{method: post, path: "/profile/second/change", policy: signedIn, handle: s.changeSecond},
		{method: post, path: "/profile/sessions/end", policy: signedIn, handle: s.endSessions},

		{method: get, path: "/admin/people", policy: manage, handle: s.people},
		{method: get, path: "/admin/people/export/:format", policy: manage, handle: s.peopleExport},
		{method: post, path: "/admin/people", policy: manage, handle: s.addPerson},
		{method: get, path: "/admin/people/:id", policy: manage, handle: s.personPage},
		{method: post, path: "/admin/people/:id", policy: manage, handle: s.changePerson},
		{method: post, path: "/admin/people/:id/invite", policy: manage, handle: s.invite},
		{method: post, path: "/admin/people/:id/identity", policy: manage, handle: s.bindIdentity},
		{method: post, path: "/admin/people/:id/second/reset", policy: manage, handle: s.resetSecond},
		{method: post, path: "/admin/people/:id/close", policy: manage, handle: s.closePerson},
		{method: get, path: "/admin/projects", policy: manage, handle: s.projects},
		{method: get, path: "/admin/projects/export/:format", policy: manage, handle: s.projectsExport},
		{method: get, path: "/admin/keys", policy: manage, handle: s.keys},
		{method: get, path: "/admin/keys/export/:format", policy: manage, handle: s.keysExport},
		{method: post, path: "/admin/keys", policy: manage, handle: s.addKey},
		{method: post, path: "/admin/keys/:id/end", policy: manage, handle: s.endKey},
		{method: get, path: "/admin/health", policy: manage, handle: s.adminHealth},
		{method: post, path: "/admin/health", policy: manage, handle: s.careFor},
		{method: get, path: "/admin/settings", policy: manage, handle: s.adminSettings},
		{method: post, path: "/admin/settings", policy: manage, handle: s.saveSettings},
		{method: get, path: "/admin/audit", policy: manage, handle: s.audit},
		{method: get, path: "/admin/audit/:seq", policy: manage, handle: s.auditRow},
		{method: get, path: "/admin/audit/proof", policy: manage, handle: s.auditProof},
		{method: get, path: "/admin/model", policy: manage, handle: s.modelPage},
		{method: post, path: "/admin/model/fit", policy: manage, handle: s.fitModel},
		{method: post, path: "/admin/model/use", policy: manage, handle: s.useModel},
		{method: get, path: "/admin/audit/export/:format", policy: manage, handle: s.auditExport},
	}
}
