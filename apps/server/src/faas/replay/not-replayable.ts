import { NOT_REPLAYED, type NotReplayedKind } from '@parley/contract'
import { ParleyError } from '#base/kernel'

/** A run of which too little is there to repeat it. */
export class NotReplayable extends ParleyError {
  readonly kind: NotReplayedKind

  constructor(recordId: string, kind: NotReplayedKind, reason: string = NOT_REPLAYED[kind]) {
    super('conflict', `Invocation "${recordId}" cannot be replayed: ${reason}`)
    this.kind = kind
  }
}
