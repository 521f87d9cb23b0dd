import pg from 'pg'
import { messageOf, ParleyError } from '#base/kernel'
import { diskIsFull } from './disk.ts'

const CANNOT_STORE_TEXT = new Set(['22P05', '22P02', '22021'])

/** Two transactions met and this one was rolled back: running it again is right. Also as `clearFailure` says it. */
export function isConflict(cause: unknown): boolean {
  const state = sqlState(cause instanceof ParleyError ? cause.cause : cause)
  return state === '40001' || state === '40P01'
}

/** Two transactions inserted the same thing, and the other was faster: sent again, this one finds it there. */
export function isDouble(cause: unknown): boolean {
  return sqlState(cause) === '23505'
}

/** A stored procedure of this node is gone: the node was silent for so long that another one removed it. */
export function isMissingProcedure(cause: unknown): boolean {
  const state = sqlState(cause)
  // A prepared plan still has the number of the function.
  return state === '42883' || (state === 'XX000' && /function \d+/.test(messageOf(cause)))
}

/** The batch was committed before; `apply_operations` says so. */
export function isRepetition(cause: unknown): boolean {
  return sqlState(cause) === 'PRL01'
}

/** The connection or the server is gone, or the server cannot serve now: another connection may succeed. */
export function isConnectionFailure(cause: unknown): boolean {
  const state = sqlState(cause)
  // A failure without a code of PostgreSQL came from the socket.
  if (state === undefined) return cause instanceof Error && !(cause instanceof ParleyError)
  return /^(08|57P|53300|25006|25P03)/.test(state)
}

/**
 * Why no connection could be made. Whatever the server refuses one for, such as a password that is being replaced or a database
 * that is being restored, another one may succeed; that its disk is full stays what it is.
 */
export function connectFailure(cause: unknown): unknown {
  if (sqlState(cause) === undefined || isDiskFull(cause)) return cause
  return new Error(messageOf(cause), { cause })
}

/** The database ended the statement: it ran too long, or waited too long for a lock that somebody holds. */
export function isOverdue(cause: unknown): boolean {
  const state = sqlState(cause)
  return state === '57014' || state === '55P03'
}

/** Somebody else holds the lock. Also as `clearFailure` and `lockFirst` say it. */
export function isLocked(cause: unknown): boolean {
  return cause instanceof ParleyError ? isLocked(cause.cause) : sqlState(cause) === '55P03'
}

/** The database could not write to its disk. For a quota that is used up PostgreSQL has no code of its own. */
export function isDiskFull(cause: unknown): boolean {
  const state = sqlState(cause)
  return state === '53100' || (state === 'XX000' && NO_ROOM.test(messageOf(cause)))
}

const NO_ROOM = /no space left on device|disk quota exceeded/i

/** The database has too little of something, its disk failed, or others were always faster: later the same may succeed. */
function isPassing(state: string | undefined): boolean {
  return state !== undefined && /^(53|58030|40001|40P01)/.test(state)
}

/** The error that the caller of a refused operation gets. */
export function clearFailure(cause: unknown): unknown {
  if (isDiskFull(cause)) return diskIsFull(cause)
  if (isOverdue(cause)) {
    const message = `The database took too long: ${messageOf(cause)}`
    return new ParleyError('unavailable', message, { cause })
  }
  const state = sqlState(cause)
  if (isPassing(state)) {
    const message = `The database cannot do this now: ${messageOf(cause)}`
    return new ParleyError('unavailable', message, { cause })
  }
  if (
    state !== undefined &&
    CANNOT_STORE_TEXT.has(state) &&
    /unicode|null|surrogate/i.test(`${messageOf(cause)} ${detailOf(cause)}`)
  ) {
    return new ParleyError(
      'invalid_request',
      'Text with U+0000 or an unpaired surrogate cannot be stored',
      { cause },
    )
  }
  return cause
}

/** What callers and the log are told of whatever the database failed with. */
export function asFailure(cause: unknown): unknown {
  return isConnectionFailure(cause) ? unavailable(cause) : clearFailure(cause)
}

/** Why, the log says: strangers are told neither the address of the database nor who signs in to it. */
function unavailable(cause: unknown): ParleyError {
  return new ParleyError('unavailable', 'The database cannot be reached', { cause })
}

/**
 * Waits for a write that a unique index or a constraint may refuse.
 * @param refusals what its caller is told, by the name that the constraint has in the migrations
 */
export async function mapConstraintErrors<T>(
  write: Promise<T>,
  refusals: Readonly<Record<string, (cause: unknown) => ParleyError>>,
): Promise<T> {
  try {
    return await write
  } catch (cause) {
    const refusal = cause instanceof pg.DatabaseError ? refusals[cause.constraint ?? ''] : undefined
    throw refusal ? refusal(cause) : cause
  }
}

function sqlState(cause: unknown): string | undefined {
  return cause instanceof pg.DatabaseError ? cause.code : undefined
}

function detailOf(cause: unknown): string {
  return cause instanceof pg.DatabaseError ? (cause.detail ?? '') : ''
}
