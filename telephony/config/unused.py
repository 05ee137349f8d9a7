"""Files of parts that we do not use: switched off, or at their defaults without a complaint in the log."""

UNUSED: dict[str, str] = {
    "acl.conf": "",
    "amd.conf": "[general]\n",
    # The call record is ours, from the workflow's point of view; Asterisk's own would double the work.
    "cdr.conf": "[general]\nenable = no\n",
    "cel.conf": "[general]\nenable = no\n",
    "ccss.conf": "[general]\n",
    "features.conf": "[general]\n",
    "indications.conf": "[general]\ncountry = us\n[us]\ndescription = United States\nringcadence = 2000,4000\n"
    "dial = 350+440\nbusy = 480+620/500,0/500\nring = 440+480/2000,0/4000\ncongestion = 480+620/250,0/250\n",
    "manager.conf": "[general]\nenabled = no\n",
    "pjproject.conf": "",
    "queues.conf": "[general]\n#tryinclude everline-extra/queues.conf\n",
    "stasis.conf": "",
    "udptl.conf": "[general]\n",
}
