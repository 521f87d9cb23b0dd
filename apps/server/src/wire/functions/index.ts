export { openWireFunctions } from './open.ts'
