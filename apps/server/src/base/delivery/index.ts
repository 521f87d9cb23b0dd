export { NotNow } from './not-now.ts'
export { type Delivery, openDelivery } from './open.ts'
export { recurringTimer } from './recurring.ts'
export type { OutboxConsumer, OutboxRow, Timer, TimerKind } from './types.ts'
