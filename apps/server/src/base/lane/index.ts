export type { PlainAnswer } from './send-answer.ts'
export type { PlainRequest, Serve } from './deps.ts'
export { openLane } from './open.ts'
