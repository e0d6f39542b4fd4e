package wql

import (
	"fmt"
	"slices"
	"strings"
)

// Right writes the query that lets through every Windows with connection
// security rules, Vista and Server 2008 on, in the given roles, and the
// msWMI-Parm2 that holds it. Without roles it is for clients and member
// servers: what the paper wants, domain controllers left out.
func Right(roles ...Role) (query, parm2 string) {
	if len(roles) == 0 {
		roles = []Role{Client, MemberServer}
	}
	roles = slices.Compact(slices.Sorted(slices.Values(roles)))
	query = `SELECT * FROM Win32_OperatingSystem WHERE (Version LIKE "6.%" OR Version LIKE "10.%")`
	if len(roles) < 3 {
		var any []string
		for _, r := range roles {
			any = append(any, fmt.Sprintf(`ProductType = "%d"`, int(r)))
		}
		query += " AND (" + strings.Join(any, " OR ") + ")"
	}
	return query, Encode(query)
}
