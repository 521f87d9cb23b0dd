export type { PlainAnswer } from './answer-head.ts'
export type { PlainRequest, Serve } from './deps.ts'
export { openLane } from './open.ts'
