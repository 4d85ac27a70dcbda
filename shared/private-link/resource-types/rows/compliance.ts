import type { ResourceType } from '../resource-type.ts'
import { row } from '../row.ts'

const services = [
  'EDMUpload',
  'M365ComplianceCenter',
  'M365SecurityCenter',
  'MIPPolicySync',
  'O365ManagementActivityAPI',
  'SCCPowershell',
]

/** Compliance of Microsoft 365: six services, each in two namespaces. */
export const compliance: readonly ResourceType[] = [
  { namespace: 'Microsoft.M365SecurityAndCompliance', apiVersion: '2021-03-25-preview' },
  { namespace: 'Microsoft.SecurityAndCompliance', apiVersion: '2021-03-08' },
].flatMap(({ namespace, apiVersion }) =>
  services.map((service) =>
    row({ type: `${namespace}/privateLinkServicesFor${service}`, apiVersion, groupIds: 'absent' }),
  ),
)
