/**
 * The SHA-256 of every file of a released migration. A release adds the lines of its new migrations and changes none: see
 * CONTRIBUTING.md. Version 0.1.0 released 001 to 071.
 */
export const RELEASED = {
  '001-store.ts': 'f1acbcc08cbf5bf9d7ce56e43d25bcbbee350abde0dda29b15ca8a72ae2e4625',
  '010-accounts.ts': '6864786c37ccda27ee031665d861111a9e0092b0120484c375e966479ef2345f',
  '011-credentials.ts': 'bd75df0f2506b618a85670c3391bd4a5c74ceee8d7096891c395087840c155cd',
  '012-session-keys.ts': '5e664332be82c0f12ed0f1c67a7cfa4e120e7f4b59eb6f3ad97de904991d76e2',
  '020-functions.ts': '118d6dabc6930d23724b7ae463cfba51a4524ea6f9f604eaf81892b040a73827',
  '021-function-surroundings.ts':
    'c016092286c848a66337caea188ce30255e8b7f9a73a24173eb0354bb5469c7e',
  '023-blocked-calls.ts': 'c93be742d483f956f4374f7951f6b9c06789404c0f3880f68cead8e521e7e1ec',
  '030-invocations.ts': 'a47fe045d491a8cce76bd7940bd5c995dbad78e3d775d331b977d98fee4e8be6',
  '040-conversations.ts': 'dc89a64239247a2a37b364b84378c8076c00131cd7c46c2ae84243eb725fa228',
  '041-nodes.ts': 'fa9572cedc969ba54b1db55d8fbdf3dfe0c1c89e7633878e7bd06c1441171a22',
  '042-files.ts': '0f6e90930b3225131c0c339fdef726814bfd3013020bb4b1cc52cfcb5eec2c1c',
  '043-unsent-files.ts': 'cd71c435903235bc9d108d1fc309483501f0b8a182143e0e571f8a5383edaa55',
  '044-closed-conversations.ts': 'a534e6ce181e188b51bc4db3f33db1290a03f5319f2ba1fc9713d25d85f5ae55',
  '045-queue.ts': 'cce451d3ae8b4a267eb42fe4982adfd9378a17c48c08a929e739ed50048bc33f',
  '050-automatic-messages.ts': '76220a3d68c68059a1090f2fec0b3dce0537f20acfe822441e4c83adc79c3180',
  '051-surveys.ts': 'bd53679163312a4b3f04b22acf557f42b73dd00f3ca84b32bf1b364e46cfb4db',
  '060-chats.ts': 'd0e896fe7e638e04433e221312c219b94858bfb2a4682aab03455a4294bd5070',
  '061-transcripts.ts': 'c31a184180e4577cc08fb1cd67b964349e6edfe90403400087204608eb374432',
  '062-survey-run-lists.ts': 'dac02729f5e1ec10a65c2d51475e356f3d7b64a5522e8749fe27a705e7765a0a',
  '070-context-store.ts': '07d7c909f462e0bb8507f0e5869d22337ebb2134fde8bb9b2896ac6055b7677a',
  '071-context-sessions.ts': 'dc871a602e4040ee7eed188f4a6f45998eb32cc24d2bce947dd75d2db0505da5',
  'apply-operations-001.ts': '56aba76d7fe136b9db42fb322045762878cc53cd333741787c2c22bf774809a5',
}
