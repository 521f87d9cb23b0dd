/** The platform's own hosts: every function may reach them. */
export const PROVISIONED_DOMAINS: readonly { domain: string; name: string }[] = [
  { domain: 'adminlogin.liveperson.net', name: 'Login' },
  { domain: 'ams-a.liveperson.net', name: 'asyncMessaging' },
  { domain: 'api.liveperson.net', name: 'Service look-up' },
  { domain: '*.ac.liveperson.net', name: 'accountConfigReadOnly' },
  { domain: '*.acr.liveperson.net', name: 'accountConfigReadWrite' },
  { domain: '*.agentvep.liveperson.net', name: 'agentVep' },
  { domain: '*.data-mng.liveperson.net', name: 'leDataReporting' },
  { domain: '*.enghist.liveperson.net', name: 'engHistDomain' },
  { domain: '*.lp-msgewt.liveperson.net', name: 'msgEwtAPI' },
  { domain: '*.msghist.liveperson.net', name: 'msgHist' },
  { domain: '*.push.liveperson.net', name: 'pusher' },
  { domain: '*.v.liveperson.net', name: 'smt' },
  { domain: '*.msg.liveperson.net', name: 'asyncMessagingEnt' },
  { domain: '*.objectstorage.liveperson.net', name: 'swift' },
  { domain: '*.context.liveperson.net', name: 'Context' },
  { domain: 'parley.internal', name: 'Parley' },
]
