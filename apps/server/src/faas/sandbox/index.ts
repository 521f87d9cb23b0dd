export { defaultLimits, type Limits } from './limits.ts'
export { openSandbox, type SandboxDeps } from './open.ts'
export { type PreparedSandbox, prepareSandbox, type SandboxConfig } from './prepare.ts'
export type {
  CallTrace,
  FunctionVersion,
  InspectedInstance,
  InstanceStart,
  LogEntry,
  OutgoingCall,
  ProbeOutcome,
  Sandbox,
  SandboxInspector,
  SandboxCall,
  SandboxFailure,
  SandboxOutcome,
  SandboxPorts,
  SandboxStats,
  UnavailableCode,
} from './types.ts'
