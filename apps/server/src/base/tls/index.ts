export { openTls, type Tls, type TlsConfig } from './open.ts'
export { certificateFlaw, chainFlaw, isPair, keyFlaw } from './pem-flaw.ts'
