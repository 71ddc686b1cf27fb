{% include "xero_connector/public/desk/record_list.js" %}

xeroExtendList("CRM Deal");
