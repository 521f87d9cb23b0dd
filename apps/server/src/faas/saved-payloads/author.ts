import type { Principal } from '#base/http'

/** Whose payloads are meant. */
export interface Author {
  /** What new rows are kept under. Login names change hands; none has a space in it. */
  owner: string
  /** What it is shown as, and what rows of before are kept under. */
  name: string
}

export function authorOf({ kind, id, name }: Pick<Principal, 'kind' | 'id' | 'name'>): Author {
  return { owner: `${kind} ${id}`, name }
}
