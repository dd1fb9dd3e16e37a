package review

// Task is what a match asks of a person.
type Task string

// The tasks.
const (
	TaskNone       Task = ""
	TaskFirst      Task = "first"      // give the first opinion
	TaskSecond     Task = "second"     // give a further opinion, blind to the first
	TaskAdjudicate Task = "adjudicate" // decide a dispute
	TaskAgain      Task = "again"      // a text changed since the decision
	TaskDispute    Task = "dispute"    // talk about or change one's own answer
)

// Tasks lists every task in the order the dashboard shows them.
var Tasks = []Task{TaskFirst, TaskSecond, TaskDispute, TaskAdjudicate, TaskAgain}

// TaskFor says what a match asks of a person under the dossier's policy. It
// agrees with Decide: a task other than TaskNone can be answered by the person, a
// dispute to be decided once the time to talk is over (Match.TalkUntil); nobody can
// answer on a clause that has left its standard.
func TaskFor(m Match, d Dossier, p Person) Task {
	if d.Closed || m.Gone() || !p.May(ActionReview) {
		return TaskNone
	}
	mine, party := false, false
	for _, o := range m.opinions() {
		mine = mine || o.Person == p.ID
		party = party || o.Party == p.Party
	}
	takesPart := d.TakesPart(p.Party) && !m.took(p, KindAdjudication)
	blocked := d.Policy == PolicyBothParties && party && !mine
	switch {
	case m.Suspect:
		if takesPart && !mine && !blocked {
			return TaskAgain
		}
	case m.State == StateDisputed:
		if mine {
			return TaskDispute
		}
		if p.May(ActionAdjudicate) && !m.took(p, KindOpinion) {
			return TaskAdjudicate
		}
		if takesPart && !blocked && len(m.opinions()) == 1 {
			return TaskSecond // one side alone rejected
		}
	case m.State == StateProposed && takesPart:
		return TaskFirst
	case m.State == StateOpinion && takesPart && !mine && !blocked:
		return TaskSecond
	}
	return TaskNone
}

// Shown is the match as a person may see it: until it is settled or disputed,
// nobody sees anybody else's answers, so that opinions stay blind to each
// other. Everything that leaves the program passes through here; callers
// without a person pass Person{}.
func Shown(m Match, p Person) Match {
	if (m.State.Settled() || m.State == StateDisputed) && !m.Suspect {
		return m
	}
	var own []Decision
	for _, d := range m.Decisions {
		if d.Person == p.ID || (m.Suspect && !m.isCurrent(d)) {
			own = append(own, d)
		}
	}
	m.Decisions = own
	return m
}
