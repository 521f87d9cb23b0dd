export { ACCOUNT_ERRORS } from './errors.ts'
export { openWireIdentity } from './open.ts'
export { isService } from './services.ts'
