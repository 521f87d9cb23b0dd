import { numeric } from './numeric.ts'

/** Consumers are named by their id, all others as `<account>.<user id>`. */
export function originatorIdOf(
  accountId: string,
  { role, userId }: { role: string; userId: string },
): string | number {
  return numeric(role === 'CONSUMER' ? userId : `${accountId}.${userId}`)
}
