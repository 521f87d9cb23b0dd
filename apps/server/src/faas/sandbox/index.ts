export type { Limits } from './limits.ts'
export { openSandbox, type SandboxConfig, type SandboxDeps } from './open.ts'
export type {
  FunctionVersion,
  InstanceStart,
  LogEntry,
  ProbeOutcome,
  Sandbox,
  SandboxCall,
  SandboxFailure,
  SandboxOutcome,
  SandboxPorts,
  SandboxStats,
  UnavailableCode,
} from './types.ts'
