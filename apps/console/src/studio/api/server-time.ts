import { noteOf } from '../page-notes.ts'

/** How far the server is ahead of this browser, whose clock may be wrong: what happened is compared with the server's. */
let aheadMs = Number(noteOf('now')) - Date.now()

export const serverNow = (): number => Date.now() + aheadMs

/** The clock of a development server can be moved. */
export function noteServerTime(now: string): void {
  aheadMs = Date.parse(now) - Date.now()
}
