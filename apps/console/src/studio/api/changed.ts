/** Of what a form has, what differs from `before`: what nobody has touched takes nothing away from what somebody else has changed. */
export function changedOf<Fields extends object>(fields: Fields, before: object): Partial<Fields> {
  const known: Record<string, unknown> = { ...before }
  const changed = Object.entries(fields).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name]),
  )
  return Object.fromEntries(changed) as Partial<Fields>
}
