// Loaded before a node: its clock is ahead by as many milliseconds as the environment says.
import process from 'node:process'

const ahead = Number(process.env.AHEAD_MS ?? 0)
const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + ahead)
    else super(...given)
  }
  static now() {
    return RealDate.now() + ahead
  }
}
