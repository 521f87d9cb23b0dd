export type { DeadLetter, DeadLetters } from './dead-letters.ts'
export { type DeliveryDeps, openDelivery } from './delivery.ts'
export { mountDelivery } from './routes.ts'
export type {
  Delivery,
  OutboxConsumer,
  OutboxRow,
  RetryPolicy,
  Timer,
  TimerInsert,
  TimerKind,
} from './types.ts'
