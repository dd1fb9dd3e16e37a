package review

import (
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// Why a dossier is not matched.
var (
	ErrRunning  = corpus.Refuse(corpus.ErrConflict, "run-already", "this dossier is being matched already")
	ErrOneSided = corpus.Refuse(corpus.ErrInvalid, "run-sides", "the dossier has one side only")
)

// RunState is where a run stands.
type RunState string

// The states of a run.
const (
	RunWaiting RunState = "waiting" // another run is working
	RunWorking RunState = "working"
	RunDone    RunState = "done"
	RunStopped RunState = "stopped" // by a person, or with the program
	RunFailed  RunState = "failed"
)

// RunStates lists every state.
var RunStates = []RunState{RunWaiting, RunWorking, RunDone, RunStopped, RunFailed}

// Ended tells whether nothing more will come.
func (s RunState) Ended() bool { return s == RunDone || s == RunStopped || s == RunFailed }

// Run is one matching of a dossier in the background: every binding clause of the
// first side against the standards of the others. What it proposes is kept standard
// by standard; run again, it adds what is new and brings the rest up to date, and
// changes nothing that people decided.
type Run struct {
	Dossier   uuid.UUID `json:"dossier"`
	State     RunState  `json:"state"`
	Clauses   int       `json:"clauses"` // to look at, 0 while not counted
	Done      int       `json:"done"`
	Added     int       `json:"added"`     // proposals that are new in the dossier
	Refreshed int       `json:"refreshed"` // proposals brought up to date
	Problem   string    `json:"problem,omitempty"`
	Started   time.Time `json:"started"`
	Ended     time.Time `json:"ended,omitzero"`
}
