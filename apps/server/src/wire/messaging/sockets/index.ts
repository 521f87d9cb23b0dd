export { openWireMessaging } from './room.ts'
