/** Installs what builds the site, unless it is there. */
import { installOnDemand } from '../on-demand.ts'

installOnDemand('tools/site')
