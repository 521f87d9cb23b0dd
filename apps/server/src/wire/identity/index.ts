export { openWireIdentity } from './open.ts'
export { isService } from './services.ts'
