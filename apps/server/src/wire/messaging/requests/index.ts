export { openRequests, type Requests } from './open.ts'
