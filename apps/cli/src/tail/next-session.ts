import { RequestError, type Session } from '@parley/client'

/**
 * The session to try again with after a failure: a new one where the former has ended.
 * @param open gets a new session, or the former one where only a person can log in anew
 * @throws the failure where trying again is of no use: the user may not read this, or nobody can log in any more
 */
export async function nextSession(
  failure: unknown,
  former: Session,
  open: () => Promise<Session>,
): Promise<Session> {
  if (!(failure instanceof RequestError)) return former
  if (failure.status === 403) throw failure
  if (failure.status !== 401) return former
  let next: Session
  try {
    next = await open()
  } catch (error) {
    // A password that was right is so no more: each try would count as a wrong one.
    if (error instanceof RequestError && [401, 403].includes(error.status)) throw error
    return former
  }
  if (next.bearer === former.bearer) throw failure
  return next
}
