import { readOutgoing } from './read.ts'
import type { OutgoingCall } from './types.ts'

const MAX_BYTES = 4_096

/** Takes what the process tells of an outgoing call of a running invocation; false when it is no such thing. */
export function noteOutgoing(outgoing: OutgoingCall[], body: Buffer): boolean {
  const noted = body.length > MAX_BYTES ? undefined : readOutgoing(body)
  if (!noted || noted.number > outgoing.length) return false
  const { number, ...told } = noted
  outgoing[number] = { host: '', method: '', ...outgoing[number], ...told }
  return true
}
