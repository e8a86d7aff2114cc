/** The public API of `sealpay/directives`: protection by schema directive, for any GraphQL schema. */
export {
  authoriseOperation,
  createAuthoriser,
  type Authorise,
  type OperationRequest,
} from './authorise-operation.ts'
export { directiveTypeDefs } from './definitions.ts'
export { describePolicy, printPolicy, printPolicyAsMarkdown, type PolicyRow } from './policy.ts'
export { protectSchema } from './protect-schema.ts'
export type { Opening, Protection, RecordKey, Refusal, SealedColumns } from './protection.ts'
