export { openReplayJobs } from './open.ts'
