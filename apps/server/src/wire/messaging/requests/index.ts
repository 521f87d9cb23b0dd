export { OPERATION_NAMES } from './operations.ts'
export { openRequests, type Requests } from './open.ts'
