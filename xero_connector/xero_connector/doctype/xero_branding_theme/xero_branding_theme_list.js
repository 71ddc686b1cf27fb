{% include "xero_connector/public/desk/mirror_list.js" %}

xeroShowTexts("Xero Branding Theme");
