package web

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/staging"
	"concord/corpus/termbase"
	"concord/index"
	"concord/matcher"
	"concord/review"
)

// The interfaces below are what the pages need from the rest of the program.
// Errors are of corpus' kinds; the caller may keep every slice it gets.

// Holdings reads the standards that are kept and their clauses.
type Holdings interface {
	corpus.Library
	// Standards lists all standards by jurisdiction and designation.
	Standards(ctx context.Context) ([]corpus.Holding, error)
	// StandardsOf are those of some standards that are kept, by id.
	StandardsOf(ctx context.Context, ids ...corpus.StandardID) (map[corpus.StandardID]corpus.Standard, error)
	// StandardsMark grows whenever any standard changes or arrives.
	StandardsMark(ctx context.Context) (int64, error)
	// Numbered lists the present clauses with a number in some standards.
	Numbered(ctx context.Context, number string, standards ...corpus.StandardID) ([]corpus.Clause, error)
	// Standard is one standard, or corpus.ErrNotFound.
	Standard(ctx context.Context, id corpus.StandardID) (corpus.Holding, error)
	// ClausesOf lists a standard's present clauses in reading order.
	ClausesOf(ctx context.Context, id corpus.StandardID) ([]corpus.Clause, error)
	// Restate changes what is said of a standard; change's errors come back.
	Restate(ctx context.Context, id corpus.StandardID, change func(corpus.Standard) (corpus.Standard, error), actor string) error
	// Around lists clauses of a standard with two before and behind each.
	Around(ctx context.Context, id corpus.StandardID, clauses ...corpus.ClauseID) ([]corpus.Clause, error)
}

// Matches reads and changes matches; changes go through review.Desk.
type Matches interface {
	review.Records
	// Matches is one page of the matches a filter selects.
	Matches(ctx context.Context, f review.Filter) (review.Page, error)
	// Equivalents are the matches that touch each clause, settled ones first.
	Equivalents(ctx context.Context, ids ...corpus.ClauseID) (map[corpus.ClauseID][]review.Match, error)
	// ClauseStates says where a clause stands by the first of review.Telling among its
	// matches, "" where it has none; it stays as it is and may be asked by many. at is
	// another number whenever that may be something else.
	ClauseStates(ctx context.Context) (of func(corpus.ClauseID) review.State, at uint64, err error)
	// NewMatch makes a match by hand; corpus.ErrConflict when there is one of the
	// same clauses.
	NewMatch(ctx context.Context, m review.Match, actor review.Person) (review.Match, error)
	// Maker is who made a match by hand, uuid.Nil for the program.
	Maker(ctx context.Context, match uuid.UUID) (uuid.UUID, error)
	// DropMatch withdraws a match under review.MayDrop.
	DropMatch(ctx context.Context, id uuid.UUID, actor review.Person) (review.Match, error)
	// DecisionsBy lists a person's decisions, latest first.
	DecisionsBy(ctx context.Context, person uuid.UUID, limit int) ([]review.Decision, error)
}

// Controls gives people agreed matches to answer as if nobody had.
type Controls interface {
	// DrawControl draws the control that is due to a person who has just answered
	// a match of a queue, or does nothing.
	DrawControl(ctx context.Context, p review.Person, behind uuid.UUID, order review.Order) error
	// ControlResult is how a person did on controls before a time; it is shown to
	// that person alone.
	ControlResult(ctx context.Context, person uuid.UUID, before time.Time) (review.ControlResult, error)
}

// Progress counts what has been done and what waits.
type Progress interface {
	// Coverage counts per ordered pair; by is "jurisdiction" or "standard".
	Coverage(ctx context.Context, by string, dossier uuid.UUID, domain corpus.Domain) ([]review.Coverage, error)
	// CoverageOf is Coverage of what a filter selects.
	CoverageOf(ctx context.Context, by string, f review.CoverageFilter) ([]review.Coverage, error)
	// TaskCounts says how many matches ask what of a person.
	TaskCounts(ctx context.Context, p review.Person) (map[review.Task]int, error)
	// TriageCount says how many of the first opinions settle a match alone.
	TriageCount(ctx context.Context, p review.Person) (int, error)
	// Kept counts the settled suggestions with a confidence in a range, and how
	// many of them were confirmed.
	Kept(ctx context.Context, from, to float64) (kept, n int, err error)
}

// Dossiers keeps negotiations.
type Dossiers interface {
	SaveDossier(ctx context.Context, d review.Dossier, actor string) error
	Dossier(ctx context.Context, id uuid.UUID) (review.Dossier, error)
	Dossiers(ctx context.Context) ([]review.Dossier, error)
	// Guideline is the version that counts, of version 0 while there is none.
	Guideline(ctx context.Context, dossier uuid.UUID) (review.Guideline, error)
	// SaveGuideline keeps another version; seen is the one its author had read.
	SaveGuideline(ctx context.Context, dossier uuid.UUID, text string, seen int, actor review.Person) error
}

// People keeps who may sign in.
type People interface {
	SavePerson(ctx context.Context, p review.Person, actor string) error
	Person(ctx context.Context, id uuid.UUID) (review.Person, error)
	People(ctx context.Context) ([]review.Person, error)
	// Standing counts what hangs on an account; SignIns says when people signed in last.
	Standing(ctx context.Context, person uuid.UUID, now time.Time) (review.Standing, error)
	SignIns(ctx context.Context) (map[uuid.UUID]time.Time, error)
	// PersonByLogin also gives the password's hash, "" when none is set.
	PersonByLogin(ctx context.Context, login string) (review.Person, string, error)
	// SetPassword ends all of the person's sessions.
	SetPassword(ctx context.Context, id uuid.UUID, hash, actor string) error
	NewInvite(ctx context.Context, person uuid.UUID, tokenHash string, expires time.Time) error
	// Invite finds whose link it is without spending it.
	Invite(ctx context.Context, tokenHash string, now time.Time) (review.Person, error)
	// UseInvite spends a one-time link; corpus.ErrNotFound when it is not good.
	UseInvite(ctx context.Context, tokenHash string, now time.Time) (review.Person, error)
}

// Runs matches dossiers in the background, one after the other.
type Runs interface {
	// StartRun has a run wait for its turn. Errors as of review.PlanRun;
	// review.ErrRunning while the dossier has one, review.ErrQueueFull when too
	// many wait.
	StartRun(ctx context.Context, dossier uuid.UUID, what review.RunRequest, actor string) (review.Run, error)
	// ResumeRun has one that stood still go on; review.ErrRunWhole when nothing is
	// left of it.
	ResumeRun(ctx context.Context, id uuid.UUID, actor string) (review.Run, error)
	// StopRun ends a run soon; what it has kept stays. review.ErrRunEnded when it
	// has ended.
	StopRun(ctx context.Context, id uuid.UUID, actor string) error
	// LiveRuns lists those that wait or are worked on, the oldest first.
	LiveRuns(ctx context.Context) ([]review.Run, error)
	// Changed is closed when one of them changes, by this server.
	Changed() <-chan struct{}
}

// RunLog is what is kept of runs.
type RunLog interface {
	// Run returns one; corpus.ErrNotFound when there is none.
	Run(ctx context.Context, id uuid.UUID) (review.Run, error)
	// Runs lists those that a filter selects.
	Runs(ctx context.Context, f review.RunFilter) (review.RunPage, error)
}

// Searches keeps what people search for again and again.
type Searches interface {
	// SaveSearch replaces a search of the same person and name.
	SaveSearch(ctx context.Context, s review.SavedSearch) error
	SavedSearches(ctx context.Context, person uuid.UUID) ([]review.SavedSearch, error)
	// RenameSearch replaces another of the new name; corpus.ErrNotFound when it is not theirs.
	RenameSearch(ctx context.Context, s review.SavedSearch) error
	// DropSearch gives back what it dropped; corpus.ErrNotFound when it is not theirs.
	DropSearch(ctx context.Context, person, id uuid.UUID) (review.SavedSearch, error)
}

// Collections keeps the clauses that people gather under names of their own.
type Collections interface {
	Collections(ctx context.Context, person uuid.UUID) ([]review.Collection, error)
	// Collection is one of a person's; corpus.ErrNotFound when it is not theirs.
	Collection(ctx context.Context, person, id uuid.UUID) (review.Collection, error)
	// ChangeCollection reads, changes and keeps in one step; a new id makes a new one.
	ChangeCollection(ctx context.Context, person, id uuid.UUID, change func(review.Collection) (review.Collection, error)) (review.Collection, error)
	DropCollection(ctx context.Context, person, id uuid.UUID) error
}

// Positions keeps what parties privately want. Reading goes through
// review.PositionsShown: what comes back is the person's to see.
type Positions interface {
	// Positions lists those on a dossier and on its matches as they are now.
	Positions(ctx context.Context, dossier uuid.UUID, p review.Person) ([]review.Position, error)
	// PositionVersions lists all versions of one, the latest first; uuid.Nil asks for
	// that on the dossier.
	PositionVersions(ctx context.Context, dossier, match uuid.UUID, p review.Person) ([]review.Position, error)
	// SavePosition adds a version. Errors as of review.NextPosition.
	SavePosition(ctx context.Context, ask review.Position, actor review.Person) (review.Position, error)
}

// Reservations keeps what parties declared against agreed matches or the whole, and
// drafts of it. Reading drafts goes through review.DraftShown: what comes back is the
// person's to see.
type Reservations interface {
	// Reservations lists those of a dossier in order, withdrawn ones too.
	Reservations(ctx context.Context, dossier uuid.UUID) ([]review.Reservation, error)
	// Reserve and WithdrawReservation have the errors of review.Reserve and
	// review.Reservation.Withdraw; uuid.Nil is the whole.
	Reserve(ctx context.Context, dossier, match uuid.UUID, text string, actor review.Person) (review.Reservation, error)
	WithdrawReservation(ctx context.Context, id uuid.UUID, actor review.Person) (review.Reservation, error)
	// Drafts lists those of a dossier that wait to be declared, DraftsOn those against
	// one match, or with uuid.Nil against the whole.
	Drafts(ctx context.Context, dossier uuid.UUID, p review.Person) ([]review.ReservationDraft, error)
	DraftsOn(ctx context.Context, dossier, match uuid.UUID, p review.Person) ([]review.ReservationDraft, error)
	// SaveDraft and DeclareDraft have the errors of review.NextDraft and
	// review.DeclareDraft; the zero id is a new draft.
	SaveDraft(ctx context.Context, ask review.ReservationDraft, actor review.Person) (review.ReservationDraft, error)
	DeclareDraft(ctx context.Context, id uuid.UUID, version int, actor review.Person) (review.Reservation, error)
}

// Templates keeps how documents look.
type Templates interface {
	// Templates lists every template that is not dropped, without letterheads.
	Templates(ctx context.Context) ([]review.Template, error)
	// Template is one version, the last for 0.
	Template(ctx context.Context, id uuid.UUID, version int) (review.Template, error)
	// TemplateVersions lists all versions, the latest first, without letterheads.
	TemplateVersions(ctx context.Context, id uuid.UUID) ([]review.Template, error)
	// SaveTemplate adds a version. Errors as of review.NextTemplate; corpus.ErrConflict
	// for a name in use, or when another version came between.
	SaveTemplate(ctx context.Context, ask review.Template, actor review.Person) (review.Template, error)
}

// KeySets keeps what people changed of the keys of the workbench.
type KeySets interface {
	KeySet(ctx context.Context, person uuid.UUID) (review.KeySet, error)
	// ChangeKeys reads, changes and keeps in one step.
	ChangeKeys(ctx context.Context, person uuid.UUID, change func(review.KeySet) (review.KeySet, error)) error
}

// Skips keeps what people passed over in their queues; lists of matches that await
// somebody's answer, and their counts, leave it out.
type Skips interface {
	SaveSkip(ctx context.Context, s review.Skip) error
	// Skips lists what stands of a person's skips, latest first.
	Skips(ctx context.Context, person uuid.UUID, now time.Time, limit int) ([]review.Skip, error)
	// NotedSkips are those of a match that the people of a party are to know of.
	NotedSkips(ctx context.Context, match uuid.UUID, party review.Party, now time.Time) ([]review.Skip, error)
	DropSkip(ctx context.Context, person, match uuid.UUID) error
}

// SecondFactors keeps the second factors of people and their accounts elsewhere. A wrong code is
// corpus.ErrForbidden.
type SecondFactors interface {
	SecondFactor(ctx context.Context, person uuid.UUID) (review.SecondFactor, error)
	BeginSecondFactor(ctx context.Context, person uuid.UUID, secret string) error
	// ConfirmSecondFactor ends all sessions of the person but the one named.
	ConfirmSecondFactor(ctx context.Context, person uuid.UUID, code string, now time.Time, recoveryHashes []string, session string) error
	UseSecondFactor(ctx context.Context, person uuid.UUID, code string, now time.Time) error
	RenewRecoveryCodes(ctx context.Context, person uuid.UUID, code string, now time.Time, recoveryHashes []string) error
	EndSecondFactor(ctx context.Context, person uuid.UUID, code string, now time.Time) error
	// SecondReset is what waits for another administrator; AskReset, ConfirmReset and
	// DropReset have the errors of review.AskReset and review.SecondReset.Confirm. The
	// person is told at the next sign-in.
	SecondReset(ctx context.Context, person uuid.UUID) (review.SecondReset, error)
	AskReset(ctx context.Context, person uuid.UUID, by review.Person, now time.Time) error
	ConfirmReset(ctx context.Context, person uuid.UUID, by review.Person, now time.Time) error
	DropReset(ctx context.Context, person uuid.UUID, actor string) error
	// Identity is the e-mail address of a person's account at the provider, "" for
	// none; BindIdentity sets it, corpus.ErrConflict when somebody else has it.
	Identity(ctx context.Context, person uuid.UUID) (string, error)
	BindIdentity(ctx context.Context, person uuid.UUID, email, actor string) error
	// PersonByIdentity finds who signs in with a subject, the first time by an
	// e-mail address that must be verified.
	PersonByIdentity(ctx context.Context, issuer, subject, email string) (review.Person, error)
	// TakeNotices returns what a person is to be told, once.
	TakeNotices(ctx context.Context, person uuid.UUID) ([]string, error)
}

// Sessions keeps who is signed in.
type Sessions interface {
	NewSession(ctx context.Context, s review.Session) error
	// Session checks both time limits; corpus.ErrNotFound when it has ended.
	Session(ctx context.Context, hash string, now time.Time) (review.Session, review.Person, error)
	Sessions(ctx context.Context, person uuid.UUID) ([]review.Session, error)
	EndSession(ctx context.Context, hash string) error
	EndSessions(ctx context.Context, person uuid.UUID) error
}

// Keys keeps integrators' keys.
type Keys interface {
	NewKey(ctx context.Context, k review.Key, actor string) error
	Keys(ctx context.Context) ([]review.Key, error)
	EndKey(ctx context.Context, id, actor string) error
}

// Audits reads the chain of what was done.
type Audits interface {
	AuditWhere(ctx context.Context, f review.EntryFilter, afterSeq int64, limit int) ([]review.Entry, error)
	AuditActions(ctx context.Context) ([]string, error)
	// AuditRow is one row with what it changed as JSON, "" where that is not kept.
	AuditRow(ctx context.Context, seq int64) (e review.Entry, before, after string, err error)
	// AuditHead is the number and hash of the last row; Generation names the database.
	AuditHead(ctx context.Context) (seq int64, hash string, err error)
	Generation() string
	// VerifyAudit checks the whole chain and says how many rows it has.
	VerifyAudit(ctx context.Context) (int64, error)
}

// Samples keeps what audits of agreed matches found.
type Samples interface {
	// AuditMatch keeps an answer after review.Audit; corpus.ErrConflict when the
	// match was answered in this sample before.
	AuditMatch(ctx context.Context, p review.Person, a review.SampleAnswer) (review.SampleAnswer, error)
	SampleAnswers(ctx context.Context, dossier uuid.UUID) ([]review.SampleAnswer, error)
	// AnsweredTwice lists the matches that a person and somebody else answered.
	AnsweredTwice(ctx context.Context, person uuid.UUID, limit int) ([]review.Match, error)
}

// Rounds freezes what is agreed in a dossier, and reads what was frozen.
type Rounds interface {
	// Rounds lists the rounds of a dossier, first one first.
	Rounds(ctx context.Context, dossier uuid.UUID) ([]review.Frozen, error)
	// RoundNames lists them with number, name and time alone.
	RoundNames(ctx context.Context, dossier uuid.UUID) ([]review.Round, error)
	// Round returns one; corpus.ErrNotFound when there is none.
	Round(ctx context.Context, dossier uuid.UUID, number int) (review.Frozen, error)
	// DraftRound is what would be frozen now.
	DraftRound(ctx context.Context, dossier uuid.UUID) (review.Round, error)
	// FreezeRound freezes it after review.Freeze; corpus.ErrConflict when the name
	// is taken or nothing changed.
	FreezeRound(ctx context.Context, dossier uuid.UUID, name string, p review.Person) (review.Frozen, error)
	// SignRound puts a person's name under what they have read; corpus.ErrConflict
	// when the round has another checksum.
	SignRound(ctx context.Context, dossier uuid.UUID, number int, checksum string, p review.Person) (review.Frozen, error)
}

// Terms keeps the terms that users added to the shipped ones.
type Terms interface {
	// Terms lists all entries, also withdrawn ones, in order of id.
	Terms(ctx context.Context) ([]termbase.Kept, error)
	// TermVersions lists the versions of an entry, latest first; corpus.ErrNotFound
	// when there is none.
	TermVersions(ctx context.Context, id string) ([]termbase.Kept, error)
	// TermRevision grows with every change.
	TermRevision(ctx context.Context) (int64, error)
	// ImportTerms, SaveTerm and WithdrawTerm make answers suspect that rest on texts
	// which the shifts name.
	ImportTerms(ctx context.Context, file string, entries []termbase.Entry, shifts termbase.Shifts, actor string) (termbase.Plan, error)
	// SaveTerm and WithdrawTerm are corpus.ErrConflict when the entry has another
	// version by now, or the terms changed since the shifts were worked out.
	SaveTerm(ctx context.Context, e termbase.Entry, version int, shifts termbase.Shifts, actor string) error
	WithdrawTerm(ctx context.Context, id string, version int, shifts termbase.Shifts, actor string) error
	// AfterTerms tells which matches become suspect by what a change does to texts,
	// and how many hold again.
	AfterTerms(ctx context.Context, list []termbase.Shift) (suspect []string, restored int, err error)
	// KeepCandidates keeps pairs of forms for the queue and tells how many are new.
	KeepCandidates(ctx context.Context, list []termbase.Candidate, actor string) (int, error)
	// Candidates lists some that wait and counts all that wait so; Candidate is one,
	// corpus.ErrConflict when it was answered.
	Candidates(ctx context.Context, f termbase.CandidateFilter) ([]termbase.Candidate, int, error)
	Candidate(ctx context.Context, id int64) (termbase.Candidate, error)
	CandidateLanguages(ctx context.Context) ([]termbase.CandidateCount, error)
	// AnswerCandidate keeps an answer with the entry that follows from it.
	AnswerCandidate(ctx context.Context, id int64, answer termbase.CandidateAnswer, e termbase.Entry, version int, shifts termbase.Shifts, p review.Person) error
	// CandidatesSaid lists the answers of a person that can be undone, latest first;
	// UndoCandidate takes the first of them back.
	CandidatesSaid(ctx context.Context, person uuid.UUID) ([]termbase.CandidateSaid, error)
	UndoCandidate(ctx context.Context, said string, shifts termbase.Shifts, p review.Person) (termbase.CandidateSaid, error)
	// TermsWaiting lists the preferred terms proposed since a moment that wait for a
	// second person; TermConfirmations grows with each that is confirmed.
	TermsWaiting(ctx context.Context, from time.Time) ([]termbase.Proposal, error)
	TermConfirmations(ctx context.Context) (int64, error)
	// ConfirmTerm says as a second person that a term is preferred.
	ConfirmTerm(ctx context.Context, entry string, lang corpus.Language, text string, p review.Person) error
	// TermMoves tells which entries read a clause otherwise than when it had a state.
	TermMoves(ctx context.Context, clause corpus.ClauseID, since corpus.Digest) ([]termbase.Move, error)
}

// TermEffects finds out what a change of the terms would do, without doing it.
type TermEffects interface {
	// Effect tells how far it is: of so many clauses and matches. It ends with ctx.
	Effect(ctx context.Context, change termbase.Change, told func(done, all int)) (termbase.Effect, error)
	// Shifts says what it does to the clauses that answers rest on.
	Shifts(ctx context.Context, change termbase.Change) (termbase.Shifts, error)
	// Harvest looks for candidates in all that is kept.
	Harvest(ctx context.Context) ([]termbase.Candidate, error)
}

// Imports is what was read from files and is not accepted yet.
type Imports interface {
	// StagedList lists imports of a state ("" for any), newest first, from the one
	// before an id.
	StagedList(ctx context.Context, state staging.State, before uuid.UUID, limit int) ([]staging.Import, error)
	StagedCounts(ctx context.Context) (map[staging.State]int, error)
	// Staged returns one; corpus.ErrNotFound when there is none.
	Staged(ctx context.Context, id uuid.UUID) (staging.Import, error)
	// CorrectStaged corrects one as it was seen; corpus.ErrConflict when it is
	// another now.
	CorrectStaged(ctx context.Context, id uuid.UUID, version int, change func(*staging.Import) error) (staging.Import, error)
	// StagedSource returns the sheets of an import's source that hold a line, counted
	// from 1, with so many before and after; none where no source is kept.
	StagedSource(ctx context.Context, id uuid.UUID, line, around int) ([]staging.SourceSheet, error)
	// StagedKept tells what is kept of an import's file; nothing is no error.
	StagedKept(ctx context.Context, id uuid.UUID) (staging.Kept, error)
	// StagedFile is the file as it was sent, and StagedPage the picture of a page as
	// PNG; corpus.ErrNotFound when it is not kept.
	StagedFile(ctx context.Context, id uuid.UUID) (io.Reader, error)
	StagedPage(ctx context.Context, id uuid.UUID, page int) ([]byte, error)
	DiscardStaged(ctx context.Context, id uuid.UUID, version int, actor string) error
	// EarlierCorrections finds an accepted edition whose corrections may be repeated;
	// corpus.ErrNotFound when there is none.
	EarlierCorrections(ctx context.Context, designation string) (staging.Import, error)
	// RememberColumns keeps what the columns of a publisher's tables hold by their
	// headers, so that the next one is read so; columns that say nothing forget it.
	RememberColumns(ctx context.Context, publisher, key string, columns corpus.Columns, actor string) error
	RememberedColumns(ctx context.Context, publisher, key string) (corpus.Columns, error)
	// StagedLooked lists the clauses that somebody has looked at; LookStaged keeps one,
	// or takes it back where its digest is "".
	StagedLooked(ctx context.Context, id uuid.UUID) ([]staging.Looked, error)
	LookStaged(ctx context.Context, id uuid.UUID, l staging.Looked) error
	// Affected says what saving a document would do to answered matches.
	Affected(ctx context.Context, doc *corpus.Document) ([]staging.Affected, error)
}

// Importer reads files of strangers and saves what is accepted.
type Importer interface {
	// Stage reads one file and keeps each of its documents apart. Its error is of
	// kind corpus.ErrInvalid or corpus.ErrLimit when the file is at fault.
	Stage(ctx context.Context, name string, file io.Reader, hint staging.Hint, actor string) ([]staging.Import, error)
	// Draw makes pictures of pages, counted from 1, of an import's file and keeps them
	// with it.
	Draw(ctx context.Context, i staging.Import, pages []int) error
	// Reread reads the file of a table's import again with columns that a person said;
	// errors as those of Stage, and corpus.ErrConflict when the import is another now.
	Reread(ctx context.Context, i staging.Import, columns corpus.Columns, actor string) (staging.Import, error)
	// Finished is the document that accepting an import would save.
	Finished(ctx context.Context, i staging.Import) (*corpus.Document, error)
	// Accept saves an import as it was seen; corpus.ErrConflict when it is another
	// now or settled already.
	Accept(ctx context.Context, i staging.Import, actor string) (corpus.EditionDiff, error)
}

// Paces keeps how long answers took; they are shown to their person alone, and as one
// figure of a group.
type Paces interface {
	SavePace(ctx context.Context, p review.Pace) error
	PacesBy(ctx context.Context, person uuid.UUID, limit int) ([]review.Pace, error)
	// PacesOf are those of a dossier since a time, person by person.
	PacesOf(ctx context.Context, dossier uuid.UUID, since time.Time) ([]review.Pace, error)
}

// Misreadings keeps what people say was read wrongly.
type Misreadings interface {
	// Misread keeps the mark that ask makes of a match as it is now.
	Misread(ctx context.Context, match uuid.UUID, actor review.Person, ask func(review.Match, review.Dossier) (review.Misreading, error)) (review.Misreading, error)
	// WithdrawMisreading takes a mark back, for its author alone.
	WithdrawMisreading(ctx context.Context, id uuid.UUID, actor review.Person) (review.Misreading, error)
	// Misreadings lists marks that nobody took back, the latest first.
	Misreadings(ctx context.Context, f review.MisreadingFilter) ([]review.Misreading, error)
}

// Store is everything the pages keep and read; store.DB is one.
type Store interface {
	Holdings
	Matches
	Controls
	Progress
	Dossiers
	People
	SecondFactors
	Searches
	KeySets
	Collections
	Positions
	Reservations
	Templates
	Skips
	Paces
	Sessions
	Keys
	Audits
	Samples
	Rounds
	Mappings
	Terms
	Imports
	Effects
	Misreadings
	RunLog
	Models
	Backups
	NewsLog
}

// NewsLog keeps what people are told; most of it the records see themselves.
type NewsLog interface {
	// News lists what a person is told and did not mute, latest first.
	News(ctx context.Context, person uuid.UUID, limit int) ([]review.News, error)
	// UnseenNews counts what is to be brought before a person now.
	UnseenNews(ctx context.Context, person uuid.UUID, now time.Time) (int, error)
	// SeeNews marks one as seen, or with only 0 all up to a number.
	SeeNews(ctx context.Context, person uuid.UUID, upTo, only int64) error
	// Tell tells a person of something that the records do not see.
	Tell(ctx context.Context, person uuid.UUID, n review.News) error
	NewsChoice(ctx context.Context, person uuid.UUID) (review.NewsChoice, error)
	ChooseNews(ctx context.Context, person uuid.UUID, c review.NewsChoice) error
}

// Models keeps the versions of the matcher's model that were fitted to decisions.
type Models interface {
	// Models lists every version, the newest first.
	Models(ctx context.Context) ([]review.LearnedModel, error)
	// UseModel says which version counts; 0 is the shipped model. No such version
	// is corpus.ErrNotFound, one that is worse is refused unless anyway.
	UseModel(ctx context.Context, number int, anyway bool, actor string) error
}

// Learner fits the matcher's model to what was settled.
type Learner interface {
	// Evidence is what there is to learn from.
	Evidence(ctx context.Context) ([]review.LearnedFrom, error)
	// FitModel fits a version and keeps it; it counts only when it is used. Too few
	// decisions are refused, and so is a second fit at the same time.
	FitModel(ctx context.Context, actor string) (review.LearnedModel, error)
	// Unfit says why the version in use does not count, nil when it does or none is.
	Unfit(ctx context.Context) (cause, err error)
}

// OldTexts is an extra ability of a Store: the wording a clause had when
// somebody read it, so that a suspect match can show old and new side by side.
type OldTexts interface {
	// EarlierTexts lists the wordings before the present ones, clause by clause, the
	// last one first.
	EarlierTexts(ctx context.Context, ids ...corpus.ClauseID) ([]corpus.EarlierText, error)
	TextAt(ctx context.Context, id corpus.ClauseID, digest corpus.Digest) (corpus.Clause, error)
}

// Searcher finds clauses for people.
type Searcher interface {
	Search(ctx context.Context, q index.Query) (index.Results, error)
	// Highlight says which stretches of a clause's wording a query found.
	Highlight(q index.Query, c corpus.Clause) []lexicon.Span
	// Met lists a clause's quantities in a range that the query asks for.
	Met(q index.Query, r lexicon.Reading) []index.Met
	// State is "complete", "following", "rebuilding" or "reduced".
	State() string
}

// Namer is an extra ability of a Searcher: how many clauses name a concept.
type Namer interface {
	Naming(ctx context.Context, concepts ...lexicon.ConceptID) (map[lexicon.ConceptID]int, error)
}

// Reader reads what a clause says.
type Reader interface {
	Read(c corpus.Clause, tradition corpus.Tradition) lexicon.Reading
}

// Comparer compares two clauses without asking anybody; sides of several go
// through matcher.CompareSides.
type Comparer interface {
	Compare(source, target corpus.Clause) matcher.Proposal
}
