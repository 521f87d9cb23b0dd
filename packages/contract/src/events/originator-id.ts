/** Consumers are named by their id, all others as `<account>.<user id>`. A number would lose the zeros at its end. */
export function originatorIdOf(
  accountId: string,
  { role, userId }: { role: string; userId: string },
): string {
  return role === 'CONSUMER' ? userId : `${accountId}.${userId}`
}
