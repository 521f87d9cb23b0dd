export { openWireHistory } from './open.ts'
