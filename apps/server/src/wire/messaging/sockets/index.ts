export { openWireMessaging } from './open.ts'
