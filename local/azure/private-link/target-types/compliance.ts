import { usual } from './target-type.ts'
import type { TargetType } from './target-type.ts'
import { shownAtOnce } from './write-styles.ts'

const services = [
  'EDMUpload',
  'M365ComplianceCenter',
  'M365SecurityCenter',
  'MIPPolicySync',
  'O365ManagementActivityAPI',
  'SCCPowershell',
]

/** Compliance of Microsoft 365: six services, each in two namespaces. */
export const compliance: readonly TargetType[] = [
  'Microsoft.M365SecurityAndCompliance',
  'Microsoft.SecurityAndCompliance',
].flatMap((namespace) =>
  services.map((service) => ({
    ...usual,
    type: `${namespace}/privateLinkServicesFor${service}`,
    write: shownAtOnce(201, ['Location'], 'Creating'),
  })),
)
