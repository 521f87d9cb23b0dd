import type { FunctionChange } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { FunctionRow } from './repository.ts'

const UNIQUE_VIOLATION = '23505'

/** @throws ParleyError `function_identity_fixed`: a function keeps its event, and the template that it was made from */
export function requireFixedMembers({ name, eventId }: FunctionRow, change: FunctionChange): void {
  const isOtherEvent = change.eventId !== undefined && (change.eventId ?? null) !== eventId
  const path = isOtherEvent ? 'eventId' : change.template !== undefined ? 'template' : undefined
  if (path === undefined) return
  const message = 'cannot be changed after the creation: create another function'
  throw new ParleyError('function_identity_fixed', `${path} of "${name}" ${message}`, {
    details: [{ path: `body.${path}`, message }],
  })
}

export function nameTaken(name: string, cause?: unknown): ParleyError {
  return new ParleyError('function_name_taken', `name: there is a function "${name}"`, {
    details: [{ path: 'body.name', message: 'is taken' }],
    cause,
  })
}

/** A write that may give a function a name that another one has got meanwhile. */
export async function refuseTakenName<T>(name: string, write: Promise<T>): Promise<T> {
  try {
    return await write
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === UNIQUE_VIOLATION
    throw isTaken ? nameTaken(name, cause) : cause
  }
}
