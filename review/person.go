// Package review holds the rules of deciding: who may, what follows from a
// decision, and when a match is agreed.
//
// Its rules are plain functions on plain values; the store gives atomicity
// around them and the web gives them a face. It keeps nothing itself. Its one
// surprise: the state of a match is never stored knowledge, it is derived from
// the decisions, which are only ever added.
package review

import (
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// Party is a side of a negotiation: a jurisdiction, or a joint body.
type Party string

// Role is what a person is trusted with.
type Role string

// The roles in the order pages show them. Who runs the system is nobody's side:
// importers and admins do not review. A negotiator speaks for a party: reads,
// freezes and signs rounds, but leaves the opinions to the reviewers.
const (
	RoleReader      Role = "reader"
	RoleReviewer    Role = "reviewer"
	RoleAdjudicator Role = "adjudicator"
	RoleNegotiator  Role = "negotiator"
	RoleImporter    Role = "importer"
	RoleAdmin       Role = "admin"
)

// Roles lists every role in the order pages show them.
var Roles = []Role{RoleReader, RoleReviewer, RoleAdjudicator, RoleNegotiator, RoleImporter, RoleAdmin}

// Action is something a person may or may not do.
type Action string

// The actions that pages, commands and the interface ask about.
const (
	ActionRead       Action = "read"
	ActionReview     Action = "review"
	ActionAdjudicate Action = "adjudicate"
	ActionPosition   Action = "position" // keep one's party's private positions
	ActionSign       Action = "sign"     // freeze and sign rounds
	ActionTemplate   Action = "template" // write templates of documents
	ActionImport     Action = "import"
	ActionManage     Action = "manage" // people, keys, dossiers, audit
)

// permissions is the whole table of rights by role (our own).
var permissions = map[Role]map[Action]bool{
	RoleReader:      {ActionRead: true},
	RoleReviewer:    {ActionRead: true, ActionReview: true, ActionPosition: true, ActionSign: true, ActionTemplate: true},
	RoleAdjudicator: {ActionRead: true, ActionReview: true, ActionAdjudicate: true, ActionSign: true, ActionTemplate: true},
	RoleNegotiator:  {ActionRead: true, ActionPosition: true, ActionSign: true, ActionTemplate: true},
	RoleImporter:    {ActionRead: true, ActionImport: true},
	RoleAdmin:       {ActionRead: true, ActionImport: true, ActionTemplate: true, ActionManage: true},
}

// NeedsParty tells whether the role speaks for a party.
func (r Role) NeedsParty() bool { return r.May(ActionReview) || r.May(ActionSign) }

// May tells whether a role allows an action. An unknown role allows nothing.
func (r Role) May(a Action) bool { return permissions[r][a] }

// Person is somebody who signs in and whose name stands under decisions.
type Person struct {
	ID        uuid.UUID         `json:"id"`
	Login     string            `json:"login"`
	Name      string            `json:"name"`
	Role      Role              `json:"role"`
	Party     Party             `json:"party"`
	Languages []corpus.Language `json:"languages"`
	Disabled  bool              `json:"disabled,omitempty"`
	Created   time.Time         `json:"created"`
}

// May tells whether the person may do something now.
func (p Person) May(a Action) bool { return !p.Disabled && p.Role.May(a) }

// Standing is what hangs on an account, to say beforehand what closing it does.
type Standing struct {
	Sessions  int // that would end
	Decisions int // that stay, under the person's name
	Keys      int // that the person made and that go on working
	LastSeen  time.Time
}

// Session is one signed-in browser. Only the hash of its secret is kept.
type Session struct {
	Hash     string // hex SHA-256 of the secret in the cookie
	Person   uuid.UUID
	Created  time.Time
	LastSeen time.Time
	Expires  time.Time // absolute end
	Agent    string    // the browser as it names itself, shortened
}

// Ends is when the session ends if nothing is asked any more: idle for too long, or
// old enough.
func (s Session) Ends() time.Time {
	if idle := s.LastSeen.Add(SessionIdle); idle.Before(s.Expires) {
		return idle
	}
	return s.Expires
}

// How long sessions and one-time links live (ASVS 5.0 V7.3.1 and V7.3.2 ask for
// both limits; the figures are RELIABILITY.md's W5 and UX.md section 3).
const (
	SessionIdle     = 30 * time.Minute
	SessionAbsolute = 12 * time.Hour
	InviteLife      = 24 * time.Hour
)

// Scope is what an integrator's key may be used for.
type Scope string

// The scopes of keys.
const (
	ScopeSearch Scope = "search" // search and proposals
	ScopeRead   Scope = "read"   // standards, clauses, matches, decisions
	ScopeExport Scope = "export"
)

// Scopes lists every scope.
var Scopes = []Scope{ScopeSearch, ScopeRead, ScopeExport}

// Key is an integrator's bearer key. Only the hash of its secret is kept; the
// key itself is shown once.
type Key struct {
	ID       string // public part: the <id> of cnk_<id>_<secret>
	Name     string
	Hash     string // hex SHA-256 of the whole key
	Scopes   []Scope
	Created  time.Time
	Expires  time.Time // at most KeyLife after Created
	LastUsed time.Time // written at most once a minute
	Ended    time.Time // zero while it works
	By       uuid.UUID // who made it
	Networks []string  // CIDR prefixes it works from, none for any
	Rate     int       // requests a minute, 0 for the usual
	Tail     string    // last characters of the key, "" for keys made before they were kept
}

// KeyLife is the longest a key may work.
const KeyLife = 365 * 24 * time.Hour

// Allows tells whether the key may be used for the scope at the time.
func (k Key) Allows(s Scope, now time.Time) bool {
	if !k.Ended.IsZero() || !now.Before(k.Expires) {
		return false
	}
	for _, have := range k.Scopes {
		if have == s {
			return true
		}
	}
	return false
}
