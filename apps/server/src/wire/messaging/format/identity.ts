import type { Participant } from '@parley/contract'

/** Agents have two ids: `<account>.<user>` in older members, the pid in newer ones. Consumers have one. */
export function oldId(
  accountId: string,
  { userId, role }: Pick<Participant, 'userId' | 'role'>,
): string {
  return role === 'CONSUMER' ? userId : `${accountId}.${userId}`
}

/** The user id or pid in an id that a client sent: an old id loses its account. */
export function bareUserId(accountId: string, id: string): string {
  const prefix = `${accountId}.`
  return id.startsWith(prefix) ? id.slice(prefix.length) : id
}
