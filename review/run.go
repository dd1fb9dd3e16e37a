package review

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// Why a dossier is not matched.
var (
	ErrRunning   = corpus.Refuse(corpus.ErrConflict, "run-already", "this dossier is being matched already")
	ErrOneSided  = corpus.Refuse(corpus.ErrInvalid, "run-sides", "the dossier has one side only")
	ErrQueueFull = corpus.Refuse(corpus.ErrLimit, "run-queue", "{most} runs wait already; try again when one has ended", "most", MaxWaitingRuns)
	ErrRunEnded  = corpus.Refuse(corpus.ErrConflict, "run-ended", "this run has ended already")
	ErrRunWhole  = corpus.Refuse(corpus.ErrConflict, "run-whole", "this run has nothing left to do")
)

// MaxWaitingRuns is how many runs wait for others at most (our own choice).
const MaxWaitingRuns = 20

// What a run proposes unless it is told otherwise (our own choices).
const (
	// RunMost is how many proposals are kept for a clause: as many as a reviewer
	// sees beside each other without scrolling.
	RunMost = 3
	// RunLeast is the least confidence at which a proposal is worth a reviewer's
	// time: one in ten to three in ten of those just above it are right (the
	// reliability tables in docs/quality.md tell what it means).
	RunLeast = 0.1
)

// RunState is where a run stands.
type RunState string

// The states of a run.
const (
	RunWaiting     RunState = "waiting" // another run is working
	RunWorking     RunState = "working"
	RunDone        RunState = "done"
	RunStopped     RunState = "stopped" // by a person
	RunFailed      RunState = "failed"
	RunInterrupted RunState = "interrupted" // the program ended under it
)

// RunStates lists every state.
var RunStates = []RunState{RunWaiting, RunWorking, RunDone, RunStopped, RunFailed, RunInterrupted}

// Ended tells whether nothing more will come by itself.
func (s RunState) Ended() bool { return s != RunWaiting && s != RunWorking }

// Resumable tells whether the run can go on from where it stood.
func (s RunState) Resumable() bool {
	return s == RunStopped || s == RunFailed || s == RunInterrupted
}

// RunKind is what a run looks at.
type RunKind string

// The kinds of runs.
const (
	RunWhole     RunKind = "whole"     // the first side's standards against the others'
	RunNew       RunKind = "new"       // the same, of clauses that changed since it was last done
	RunStandards RunKind = "standards" // one standard against one
	RunParties   RunKind = "parties"   // one party's standards against another's
)

// RunKinds lists every kind.
var RunKinds = []RunKind{RunWhole, RunNew, RunStandards, RunParties}

// RunPlace is which process works on a run.
type RunPlace string

// The places of runs.
const (
	RunServer  RunPlace = "server"
	RunCommand RunPlace = "cli"
)

// RunRequest asks for a run. Source and Target belong to RunStandards, From and To
// to RunParties. Most is RunMost when it is 0; Least is taken as it is.
type RunRequest struct {
	Kind           RunKind
	Source, Target corpus.StandardID
	From, To       Party
	Most           int
	Least          float64
}

// Run is one matching of a dossier in the background: binding clauses of the
// sources against the targets. What it proposes is kept source by source; run
// again, it adds what is new and brings the rest up to date, and changes nothing
// that people decided.
type Run struct {
	ID        uuid.UUID           `json:"id"`
	Dossier   uuid.UUID           `json:"dossier"`
	Kind      RunKind             `json:"kind"`
	By        string              `json:"by"`
	Place     RunPlace            `json:"place"`
	State     RunState            `json:"state"`
	Sources   []corpus.StandardID `json:"sources"`
	Targets   []corpus.StandardID `json:"targets"`
	Most      int                 `json:"most"`
	Least     float64             `json:"least"`
	Since     int64               `json:"since"`   // only clauses whose mark is above, and what stands against them; 0 for all
	Mark      int64               `json:"mark"`    // the store's last one when the run was asked for
	Step      int                 `json:"step"`    // sources that are finished
	Clauses   int                 `json:"clauses"` // to look at, 0 while not counted
	Done      int                 `json:"done"`
	Added     int                 `json:"added"`     // proposals that are new in the dossier
	Refreshed int                 `json:"refreshed"` // proposals brought up to date
	Model     string              `json:"model,omitempty"`
	Problem   string              `json:"problem,omitempty"`
	Created   time.Time           `json:"created"`
	Started   time.Time           `json:"started,omitzero"`
	Ended     time.Time           `json:"ended,omitzero"`
}

// Share is how much of it is done, 0 to 100.
func (r Run) Share() int {
	if r.Clauses == 0 {
		return 0
	}
	return min(100, 100*r.Done/r.Clauses)
}

// RunFilter selects runs; what is empty selects all.
type RunFilter struct {
	States  []RunState
	Kind    RunKind
	Dossier uuid.UUID
	Order   RunOrder
	Offset  int
	Limit   int // of rows; a hundred at most
}

// RunOrder is how a list of runs is sorted.
type RunOrder string

// The orders of a list of runs; equal ones stand by id.
const (
	RunsNewest RunOrder = "newest"
	RunsOldest RunOrder = "oldest"
	RunsAdded  RunOrder = "added" // most new proposals first
)

// RunOrders lists every order.
var RunOrders = []RunOrder{RunsNewest, RunsOldest, RunsAdded}

// RunPage is a part of a list of runs.
type RunPage struct {
	Runs  []Run
	Total int
}

// PlanRun works out what a run of a dossier looks at. last is the newest run that
// looked at all of it, nil for none; RunNew goes on from there, and looks at
// everything when there was none or the dossier has other standards now. Errors:
// corpus.ErrForbidden for a closed dossier, corpus.ErrInvalid for what is not on
// its sides.
func PlanRun(d Dossier, q RunRequest, last *Run) (Run, error) {
	r := Run{Dossier: d.ID, Kind: q.Kind, State: RunWaiting, Most: q.Most, Least: q.Least}
	if r.Most == 0 {
		r.Most = RunMost
	}
	if d.Closed {
		return r, corpus.Refuse(corpus.ErrForbidden, "dossier-closed", "the dossier {dossier} is closed", "dossier", d.Name)
	}
	switch q.Kind {
	case RunWhole, RunNew:
		for i, side := range d.Sides {
			if i == 0 {
				r.Sources = slices.Clone(side.Standards)
			} else {
				r.Targets = append(r.Targets, side.Standards...)
			}
		}
	case RunStandards:
		a, b := d.sideOf(q.Source), d.sideOf(q.Target)
		if a < 0 || b < 0 || a == b {
			return r, corpus.Refuse(corpus.ErrInvalid, "run-facing", "choose two standards of different sides of the dossier")
		}
		r.Sources, r.Targets = []corpus.StandardID{q.Source}, []corpus.StandardID{q.Target}
	case RunParties:
		for _, side := range d.Sides {
			switch side.Party {
			case q.From:
				r.Sources = append(r.Sources, side.Standards...)
			case q.To:
				r.Targets = append(r.Targets, side.Standards...)
			}
		}
	default:
		return r, corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a kind of run", "value", q.Kind)
	}
	if len(r.Sources) == 0 || len(r.Targets) == 0 {
		return r, ErrOneSided
	}
	if q.Kind == RunNew && last != nil && covers(*last, r) {
		r.Since = last.Mark
	}
	return r, nil
}

// covers tells whether a run looked at every standard that another will.
func covers(have, want Run) bool {
	all := func(have, want []corpus.StandardID) bool {
		return !slices.ContainsFunc(want, func(id corpus.StandardID) bool { return !slices.Contains(have, id) })
	}
	return have.State == RunDone && have.Least <= want.Least && have.Most >= want.Most && all(have.Sources, want.Sources) && all(have.Targets, want.Targets)
}

// sideOf is the number of a standard's side, -1 when it has none.
func (d Dossier) sideOf(id corpus.StandardID) int {
	return slices.IndexFunc(d.Sides, func(s Side) bool { return slices.Contains(s.Standards, id) })
}

// Between lists the open dossiers that hold a side of each of two parties.
func Between(all []Dossier, a, b Party) []Dossier {
	var out []Dossier
	for _, d := range all {
		has := func(p Party) bool {
			return slices.ContainsFunc(d.Sides, func(s Side) bool { return s.Party == p })
		}
		if !d.Closed && a != b && has(a) && has(b) {
			out = append(out, d)
		}
	}
	return out
}
