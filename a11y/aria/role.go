package aria

import "strings"

//go:generate go run handrail/a11y/aria/gen -specs ${HANDRAIL_SPECS}

// A Role is a WAI-ARIA role. The zero Role is that of an element for which
// there is no corresponding role. Roles that are synonyms are one value:
// Img is Image and Presentation is None.
type Role uint8

// NoRole is the role of elements without a corresponding ARIA role.
const NoRole Role = 0

// RoleByName returns the role with the name, in any case.
func RoleByName(name string) (Role, bool) {
	r, ok := roleNames[name]
	if !ok {
		r, ok = roleNames[strings.ToLower(name)]
	}
	return r, ok
}

// String returns the name of the role, "image" and "none" for the two that
// have synonyms, and "" for NoRole.
func (r Role) String() string { return roleTable[r].Name }

// Info returns what the specification says about the role.
func (r Role) Info() *RoleInfo { return &roleTable[r] }

// Is reports whether r is role or inherits from it: Checkbox is an Input and
// a Widget.
func (r Role) Is(role Role) bool { return r == role || roleTable[r].Super.Has(role) }

// RoleInfo is a row of the role tables of WAI-ARIA. Where 1.2 differs from
// the draft of 1.3, Parents, Children, Required and NameRequired are those of
// 1.2, to which the ACT rules refer.
type RoleInfo struct {
	Name                   string
	Abstract               bool
	Deprecated             bool
	Draft                  bool // new in 1.3
	NameFromContent        bool
	NameProhibited         bool // in 1.3
	NameProhibited12       bool
	NameRequired           bool
	ChildrenPresentational bool
	Super                  RoleSet   // all ancestors
	Parents                []Context // one of these is required as accessibility parent
	Children               []Context // one of these is required as accessibility child, in 1.2
	Required               AttrSet
	Required13             AttrSet
	Allowed                AttrSet // own, inherited and global, of 1.2 or 1.3
	GlobalsDeprecated      AttrSet // global attributes whose use here is deprecated
	Prohibited             AttrSet
	Prohibited12           AttrSet
}

// A Context is a role that is asked for round or inside another; With is the
// role that a group must have round it, or inside, in turn.
type Context struct {
	Role, With Role
}

// A RoleSet is a set of roles.
type RoleSet [3]uint64

// Has reports whether the role is in the set.
func (s RoleSet) Has(r Role) bool { return s[r>>6]&(1<<(r&63)) != 0 }

func roleSet(roles ...Role) (s RoleSet) {
	for _, r := range roles {
		s[r>>6] |= 1 << (r & 63)
	}
	return s
}
