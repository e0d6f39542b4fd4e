package reason

import (
	"slices"
	"strings"
)

// Key is equal for equal lists, and for nothing else.
func (l List) Key() string {
	var b strings.Builder
	for i, r := range l {
		if i > 0 {
			b.WriteByte(';')
		}
		r.key(&b)
	}
	return b.String()
}

// Equal reports whether two lists have the same reasons in the same order.
func (l List) Equal(o List) bool { return slices.EqualFunc(l, o, Reason.Equal) }

// Has reports whether a reason of the list itself has one of the codes.
func (l List) Has(codes ...Code) bool {
	return slices.ContainsFunc(l, func(r Reason) bool { return r.Is(codes...) })
}

// All goes through the reasons of the list and those that they rest on.
func (l List) All(yield func(Reason) bool) { l.all(yield) }

func (l List) all(yield func(Reason) bool) bool {
	for _, r := range l {
		if !yield(r) {
			return false
		}
		for _, a := range r.Args {
			if inner, ok := a.Value.(List); ok && !inner.all(yield) {
				return false
			}
		}
	}
	return true
}

// Names reports whether some reason of the list, or one that it rests on, has one
// of the codes.
func (l List) Names(codes ...Code) bool {
	for r := range l.All {
		if r.Is(codes...) {
			return true
		}
	}
	return false
}

// Add is the list with those of the others that it does not have yet.
func (l List) Add(others ...Reason) List {
	for _, r := range others {
		if !slices.ContainsFunc(l, r.Equal) {
			l = append(l, r)
		}
	}
	return l
}

// Merge makes one reason of those that differ in the words of one argument alone,
// which then has the words of all of them.
func (l List) Merge(name string) List {
	var out List
	at := map[string]int{}
	for _, r := range l {
		words := r.Words(name)
		key := r.With(name, 0).Key()
		i, ok := at[key]
		if !ok || words == nil {
			at[key] = len(out)
			out = append(out, r)
			continue
		}
		all := slices.Clone(out[i].Words(name))
		for _, w := range words {
			if !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
		out[i] = out[i].put(name, all)
	}
	return out
}

// put sets an argument where it stands.
func (r Reason) put(name string, words []string) Reason {
	args := slices.Clone(r.Args)
	for i := range args {
		if args[i].Name == name {
			args[i].Value = words
		}
	}
	return Reason{r.Code, args}
}

// Mapped is the list with f applied to every word that its arguments hold, also
// those of the reasons that it rests on.
func (l List) Mapped(f func(string) string) List {
	out := slices.Clone(l)
	for i := range out {
		out[i].Args = slices.Clone(out[i].Args)
		for k := range out[i].Args {
			switch v := out[i].Args[k].Value.(type) {
			case string:
				out[i].Args[k].Value = f(v)
			case []string:
				all := slices.Clone(v)
				for n := range all {
					all[n] = f(all[n])
				}
				out[i].Args[k].Value = all
			case List:
				out[i].Args[k].Value = v.Mapped(f)
			}
		}
	}
	return out
}
